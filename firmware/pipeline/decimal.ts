/** Rounding as people and C's `round` do it: halves away from zero, and never −0. */

/** 2^49: what lies further from zero is hardly finer than a whole number, and stays as it is. */
export const wholeMax = 562949953421312;

/**
 * 1 + 2^−51: a decimal half comes out of a multiplication by a power of ten at most two bits short of the
 * half that it means (1.005 × 100 is 100.49999999999999). Times this it is one, and halves lie on the far
 * side of zero, to which `floor(x + ½)` then takes them.
 */
export const halfBits = 1.0000000000000004;

/** The nearest whole number, halves away from zero; beyond ±`wholeMax` x itself. */
export function nearestWhole(x: number): number {
  if (!(x < wholeMax && x > -wholeMax)) return x;
  return Math.floor(x * halfBits + 0.5);
}

/** 10^exponent, a whole number from 0 to 22, exactly; above, nearly. */
export function powerOfTen(exponent: number): number {
  let power = 1;
  for (let i = 0; i < exponent; i++) power *= 10;
  return power;
}
