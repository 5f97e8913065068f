/**
 * Which points and scalars of P-256 (FIPS 186-4, D.1.2.3) may be used in a key agreement. The SDK's
 * `Curve.dh` multiplies whatever it is given; a point off the curve would leak the private key bit by
 * bit (Biehl, Meyer, Müller 2000), so it is refused here first. P-256's cofactor is 1: a point on the
 * curve is enough.
 */
const prime = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const b = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** SEC 1, 3.2.2.1: coordinates within the field, and y² = x³ − 3x + b. */
export function isOnCurve(x: bigint, y: bigint): boolean {
  if (x < 0n || y < 0n || x >= prime || y >= prime) return false;
  return (y * y - (x * x * x - 3n * x + b)) % prime === 0n;
}

/** 1 … n − 1. */
export function isPrivateScalar(scalar: bigint): boolean {
  return scalar > 0n && scalar < order;
}
