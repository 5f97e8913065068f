/**
 * ln, exp, pow, sin and cos with the same bits on every engine: built only from + − × ÷ and
 * comparisons, which IEEE 754 fixes, because the engines' own libraries differ by 1–3 ulp. Errors are
 * within 1 ulp, special values are JavaScript's. The series are the textbook ones
 * (Abramowitz and Stegun 4.1.27, 4.2.1, 4.3.65–66), so long that what is cut off lies below 2^−57.
 */

const TWO_512 = 1.3407807929942597e154;
/** 2^(2^i). */
const POWERS = [2, 4, 16, 256, 65536, 4294967296, 18446744073709551616, 3.402823669209385e38, 1.157920892373162e77, TWO_512];

/** ln 2 in two parts: the first has 42 bits, so that its product with an exponent is exact. */
const LN2_HIGH = 0.6931471805598903;
const LN2_LOW = 5.497923018708371e-14;
const LOG2_E = 1.4426950408889634;
const SQRT_2 = 1.4142135623730951;

/** Coefficients, the highest power first. */
const LN_SERIES = [2 / 21, 2 / 19, 2 / 17, 2 / 15, 2 / 13, 2 / 11, 2 / 9, 2 / 7, 2 / 5, 2 / 3];
const EXP_SERIES = [
  1 / 6227020800,
  1 / 479001600,
  1 / 39916800,
  1 / 3628800,
  1 / 362880,
  1 / 40320,
  1 / 5040,
  1 / 720,
  1 / 120,
  1 / 24,
  1 / 6,
  1 / 2,
];
const SIN_SERIES = [1 / 355687428096000, -1 / 1307674368000, 1 / 6227020800, -1 / 39916800, 1 / 362880, -1 / 5040, 1 / 120, -1 / 6];
const COS_SERIES = [1 / 20922789888000, -1 / 87178291200, 1 / 479001600, -1 / 3628800, 1 / 40320, -1 / 720, 1 / 24];

/** π ÷ 2 in three parts: 33, 32 and 53 bits, so that the first two times a number below 2^20 are exact. */
const HALF_PI_HIGH = 1.5707963267341256;
const HALF_PI_MIDDLE = 6.077100506303966e-11;
const HALF_PI_LOW = 2.0222662487959506e-21;
const TWO_PI = 6.283185307179586;
const TWO_BY_PI = 0.6366197723675814;

function polynomial(coefficients: readonly number[], x: number): number {
  const count = coefficients.length;
  let sum = coefficients[0]!;
  for (let i = 1; i < count; i += 1) sum = sum * x + coefficients[i]!;
  return sum;
}

/** The k for which x × 2^−k lies in [√½, √2). `x` is finite and > 0. */
function exponentOf(x: number): number {
  let k = 0;
  if (x >= 2) {
    // Most readings need only the small powers.
    for (let i = x < 65536 ? 3 : 9, n = i === 3 ? 8 : 512; i >= 0; i -= 1, n >>= 1) {
      if (x >= POWERS[i]!) {
        x /= POWERS[i]!;
        k += n;
      }
    }
  } else if (x < 1) {
    // The smallest subnormal, 2^−1074, is out of the loop's reach, which is 1023.
    if (x * TWO_512 < 1) {
      x *= TWO_512;
      k = -512;
    }
    for (let i = x * 65536 >= 1 ? 4 : 9, n = i === 4 ? 16 : 512; i >= 0; i -= 1, n >>= 1) {
      if (x * POWERS[i]! < 2) {
        x *= POWERS[i]!;
        k -= n;
      }
    }
  }
  return x >= SQRT_2 ? k + 1 : k;
}

/** x × 2^k, −1100 ≤ k ≤ 1100. The largest factor comes last, so that a subnormal result is rounded once. */
function scale(x: number, k: number): number {
  let n = k < 0 ? -k : k;
  for (let i = 0; n > 0 && i < 10; i += 1, n >>= 1) {
    if ((n & 1) === 1) x = k < 0 ? x / POWERS[i]! : x * POWERS[i]!;
  }
  if (n === 0) return x;
  return k < 0 ? x / TWO_512 / TWO_512 : x * TWO_512 * TWO_512;
}

/** Natural logarithm: NaN below 0, −Infinity at 0. */
export function ln(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  const k = exponentOf(x);
  const f = scale(x, -k) - 1;
  // ln(1 + f) = 2s + 2s³/3 + 2s⁵/5 …, and 2s = f − f²/2 + s × f²/2: f is exact, so the rounded part is small.
  const s = f / (2 + f);
  const z = s * s;
  const halfSquare = (f * f) / 2;
  const tail = s * (halfSquare + z * polynomial(LN_SERIES, z));
  return k * LN2_HIGH - (halfSquare - (tail + k * LN2_LOW) - f);
}

/** e^(x + rest), where x + rest rounds to x. */
function expOfSum(x: number, rest: number): number {
  if (!(x > -745.2)) return x === x ? 0 : NaN;
  if (x > 709.8) return Infinity;
  const k = Math.floor(x * LOG2_E + 0.5);
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW - rest;
  const r = high - low;
  // What r lost in rounding is small enough to be added at the end.
  const lost = high - r - low;
  return scale(1 + (r + (r * r * polynomial(EXP_SERIES, r) + lost)), k);
}

/** e^x. 0 below −745.2, Infinity above 709.8. */
export function exp(x: number): number {
  return expOfSum(x, 0);
}

/** The upper 26 bits of x (Veltkamp), |x| < 2^996: a product of two such halves is exact. */
function upper(x: number): number {
  const c = 134217729 * x;
  return c - (c - x);
}

/** a × b − product, exactly (Dekker 1971), where product is a × b as rounded. */
function productError(a: number, b: number, product: number): number {
  const aUpper = upper(a);
  const aLower = a - aUpper;
  const bUpper = upper(b);
  const bLower = b - bUpper;
  return aLower * bLower - (product - aUpper * bUpper - aLower * bUpper - aUpper * bLower);
}

/** e^(y × ln x) for finite x > 0, with ln x in two parts: a large exponent would blow up the error of one. */
function powOfPositive(x: number, y: number): number {
  const k = exponentOf(x);
  const f = scale(x, -k) - 1;
  const g = 2 + f;
  const s = f / g;
  const quotient = s * g;
  const sLow = (f - quotient - productError(s, g, quotient) - s * (f - (g - 2))) / g;
  const z = s * s;
  const whole = k * LN2_HIGH;
  const high = whole + 2 * s;
  const low = 2 * s - (high - whole) + (k * LN2_LOW + 2 * sLow + s * z * polynomial(LN_SERIES, z));
  const rough = y * high;
  if (rough > 720) return Infinity;
  if (rough < -760) return 0;
  const rest = productError(y, high, rough) + y * low;
  const exponent = rough + rest;
  return expOfSum(exponent, rest - (exponent - rough));
}

/** x^y with the special values of Math.pow: x^0 is 1, (±1)^±Infinity is NaN, a negative x needs a whole y. */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (x !== x || y !== y) return NaN;
  const size = x < 0 ? -x : x;
  if (y === Infinity || y === -Infinity) return size === 1 ? NaN : size > 1 === y > 0 ? Infinity : 0;
  if (x < 0 && x !== -Infinity && y % 1 !== 0) return NaN;
  let result;
  if (size === 0 || size === Infinity) result = (size === 0) === y > 0 ? 0 : Infinity;
  else if (size === 1) result = 1;
  else if (y === 1) result = size;
  else if (y === 2) result = size * size;
  else if (y === -1) result = 1 / size;
  else result = powOfPositive(size, y);
  const odd = y % 2 === 1 || y % 2 === -1;
  return odd && (x < 0 || 1 / x === -Infinity) ? -result : result;
}

/**
 * sin(x + quarters × π/2). Error within 1 ulp for |x| ≤ 1.6 million; beyond, x is first reduced by
 * the rounded 2π, which is off by 4 × 10^−17 × |x|.
 */
function sinOf(x: number, quarters: number): number {
  if (!(x > -1647099 && x < 1647099)) x = x % TWO_PI;
  if (x !== x) return NaN;
  const n = Math.floor(x * TWO_BY_PI + 0.5);
  // r + rLow = x − n × π/2. The first product and difference are exact, the error of the second is kept (Knuth's two-sum).
  const first = x - n * HALF_PI_HIGH;
  const middle = n * HALF_PI_MIDDLE;
  const second = first - middle;
  const part = second - first;
  const secondLow = first - (second - part) - (middle + part);
  const low = n * HALF_PI_LOW - secondLow;
  const r = second - low;
  const rLow = second - r - low;
  const z = r * r;
  const quarter = (n + quarters) & 3;
  let value;
  if ((quarter & 1) === 0) {
    value = r + (r * z * polynomial(SIN_SERIES, z) + rLow * (1 - z / 2));
  } else {
    const half = z / 2;
    const near = 1 - half;
    value = near + (1 - near - half + (z * z * polynomial(COS_SERIES, z) - r * rLow));
  }
  return quarter >= 2 ? -value : value;
}

/** `x` in radians. */
export function sin(x: number): number {
  return x === 0 ? x : sinOf(x, 0);
}

/** `x` in radians. */
export function cos(x: number): number {
  return sinOf(x, 1);
}
