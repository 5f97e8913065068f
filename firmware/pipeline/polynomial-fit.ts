/** The polynomial with the least sum of squared errors, by orthogonal columns (modified Gram–Schmidt, see Golub and Van Loan, Matrix Computations, 5.2.8). */

export interface PolynomialFit {
  /** Of ((x − origin) ÷ unit)^i, at i. */
  readonly coefficients: readonly number[];
  readonly origin: number;
  /** > 0 */
  readonly unit: number;
}

/** Through points (`from`, `to`) of which more than `degree` differ in `from`. */
export function polynomialFit(from: readonly number[], to: readonly number[], degree: number): PolynomialFit {
  const count = from.length;
  // Powers of numbers within ±1 keep their digits.
  const origin = from.reduce((sum, x) => sum + x / count, 0);
  const unit = from.reduce((most, x) => Math.max(most, Math.abs(x - origin)), 0) || 1;
  const columns: number[][] = [];
  const triangle: number[][] = [];
  const projected: number[] = [];
  const rest = [...to];
  for (let j = 0; j <= degree; j++) {
    const column: number[] = [];
    for (let i = 0; i < count; i++) column.push(j === 0 ? 1 : power((from[i]! - origin) / unit, j));
    const row: number[] = [];
    for (const other of columns) row.push(takeOut(other, column));
    const length = Math.sqrt(dot(column, column));
    for (let i = 0; i < count; i++) column[i] = column[i]! / length;
    row.push(length);
    columns.push(column);
    triangle.push(row);
    projected.push(takeOut(column, rest));
  }
  const coefficients = [...projected];
  for (let j = degree; j >= 0; j--) {
    let sum = projected[j]!;
    for (let k = j + 1; k <= degree; k++) sum -= triangle[k]![j]! * coefficients[k]!;
    coefficients[j] = sum / triangle[j]![j]!;
  }
  return { coefficients, origin, unit };
}

/** How much of the unit column `axis` is in `column`, which loses it. */
function takeOut(axis: readonly number[], column: number[]): number {
  const share = dot(axis, column);
  for (let i = 0; i < column.length; i++) column[i] = column[i]! - share * axis[i]!;
  return share;
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function power(x: number, exponent: number): number {
  let product = 1;
  for (let i = 0; i < exponent; i++) product *= x;
  return product;
}
