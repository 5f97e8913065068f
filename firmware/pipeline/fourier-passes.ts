/**
 * The stages of a complex transform of radix 2, several a pass over the array: most of what a pass costs
 * on XS is reading and writing it. Numbers lie two and two, real and imaginary, in bit-reversed order;
 * distances are in elements of the array.
 */

const HALF_ROOT = 0.7071067811865476;

/** Transforms `size` ÷ 2 complex numbers in place. `cosines` are those of 2π k ÷ `size`, k = 0 … `size` ÷ 4. */
export function complexTransform(values: number[], size: number, cosines: readonly number[]): void {
  let apart = 8;
  // 16, 64, 256 and 1024 take an odd number of stages: three come first, and otherwise two.
  if ((size & 0x550) !== 0) {
    firstEight(values, size);
    apart = 16;
  } else firstFour(values, size, 2);
  for (; apart < size; apart <<= 2) {
    firstFour(values, size, apart);
    restOfFour(values, size, apart, cosines);
  }
}

/** Three stages, from neighbours on: eight complex numbers at a time. */
function firstEight(values: number[], size: number): void {
  let i = 0;
  let x = 0;
  let y = 0;
  let ar = 0;
  let ai = 0;
  let br = 0;
  let bi = 0;
  let cr = 0;
  let ci = 0;
  let dr = 0;
  let di = 0;
  let er = 0;
  let ei = 0;
  let fr = 0;
  let fi = 0;
  let gr = 0;
  let gi = 0;
  let hr = 0;
  let hi = 0;
  for (; i < size; i += 16) {
    x = values[i]!;
    y = values[i + 2]!;
    ar = x + y;
    br = x - y;
    x = values[i + 1]!;
    y = values[i + 3]!;
    ai = x + y;
    bi = x - y;
    x = values[i + 4]!;
    y = values[i + 6]!;
    cr = x + y;
    dr = x - y;
    x = values[i + 5]!;
    y = values[i + 7]!;
    ci = x + y;
    di = x - y;
    x = values[i + 8]!;
    y = values[i + 10]!;
    er = x + y;
    fr = x - y;
    x = values[i + 9]!;
    y = values[i + 11]!;
    ei = x + y;
    fi = x - y;
    x = values[i + 12]!;
    y = values[i + 14]!;
    gr = x + y;
    hr = x - y;
    x = values[i + 13]!;
    y = values[i + 15]!;
    gi = x + y;
    hi = x - y;
    // The second stage: a ± c, b ∓ i d, e ± g, f ∓ i h.
    x = ar - cr;
    ar += cr;
    cr = x;
    x = ai - ci;
    ai += ci;
    ci = x;
    x = br - di;
    y = bi + dr;
    br += di;
    bi -= dr;
    dr = x;
    di = y;
    x = er - gr;
    er += gr;
    gr = x;
    x = ei - gi;
    ei += gi;
    gi = x;
    x = fr - hi;
    y = fi + hr;
    fr += hi;
    fi -= hr;
    hr = x;
    hi = y;
    // The third: a ± e, and so on, with the factors 1, e^(−iπ/4), −i, e^(−3iπ/4).
    x = (fr + fi) * HALF_ROOT;
    fi = (fi - fr) * HALF_ROOT;
    fr = x;
    x = (hi - hr) * HALF_ROOT;
    hi = -(hi + hr) * HALF_ROOT;
    hr = x;
    values[i] = ar + er;
    values[i + 1] = ai + ei;
    values[i + 8] = ar - er;
    values[i + 9] = ai - ei;
    values[i + 2] = br + fr;
    values[i + 3] = bi + fi;
    values[i + 10] = br - fr;
    values[i + 11] = bi - fi;
    values[i + 4] = cr + gi;
    values[i + 5] = ci - gr;
    values[i + 12] = cr - gi;
    values[i + 13] = ci + gr;
    values[i + 6] = dr + hr;
    values[i + 7] = di + hi;
    values[i + 14] = dr - hr;
    values[i + 15] = di - hi;
  }
}

/** Two stages, of numbers `apart` and then twice as far apart, where all factors are 1 or −i: the first number of each group. */
function firstFour(values: number[], size: number, apart: number): void {
  const step = apart << 2;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let x = 0;
  let y = 0;
  let ar = 0;
  let ai = 0;
  let br = 0;
  let bi = 0;
  let cr = 0;
  let ci = 0;
  let dr = 0;
  let di = 0;
  for (; a < size; a += step) {
    b = a + apart;
    c = b + apart;
    d = c + apart;
    cr = values[c]!;
    ci = values[c + 1]!;
    dr = values[d]!;
    di = values[d + 1]!;
    x = cr - dr;
    cr += dr;
    y = ci - di;
    ci += di;
    br = values[b]!;
    bi = values[b + 1]!;
    ar = values[a]!;
    ai = values[a + 1]!;
    dr = ar - br;
    ar += br;
    di = ai - bi;
    ai += bi;
    values[a] = ar + cr;
    values[a + 1] = ai + ci;
    values[c] = ar - cr;
    values[c + 1] = ai - ci;
    values[b] = dr + y;
    values[b + 1] = di - x;
    values[d] = dr - y;
    values[d + 1] = di + x;
  }
}

/** The same for the numbers after the first in each group: factors u = e^(−iα), its square and its cube. */
function restOfFour(values: number[], size: number, apart: number, cosines: readonly number[]): void {
  const step = apart << 2;
  const quarter = size >> 2;
  const turn = size / step;
  let first = 0;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let x = 0;
  let y = 0;
  let ar = 0;
  let ai = 0;
  let br = 0;
  let bi = 0;
  let cr = 0;
  let ci = 0;
  let dr = 0;
  let di = 0;
  let ur = 0;
  let ui = 0;
  let vr = 0;
  let vi = 0;
  let wr = 0;
  let wi = 0;
  for (first = 2; first < apart; first += 2) {
    a = first * turn;
    ur = cosines[a]!;
    ui = cosines[quarter - a]!;
    vr = ur * ur - ui * ui;
    vi = 2 * ur * ui;
    wr = ur * vr - ui * vi;
    wi = ur * vi + ui * vr;
    for (a = first; a < size; a += step) {
      b = a + apart;
      c = b + apart;
      d = c + apart;
      x = values[b]!;
      y = values[b + 1]!;
      br = x * vr + y * vi;
      bi = y * vr - x * vi;
      x = values[c]!;
      y = values[c + 1]!;
      cr = x * ur + y * ui;
      ci = y * ur - x * ui;
      x = values[d]!;
      y = values[d + 1]!;
      dr = x * wr + y * wi;
      di = y * wr - x * wi;
      x = cr - dr;
      cr += dr;
      y = ci - di;
      ci += di;
      ar = values[a]!;
      ai = values[a + 1]!;
      dr = ar - br;
      ar += br;
      di = ai - bi;
      ai += bi;
      values[a] = ar + cr;
      values[a + 1] = ai + ci;
      values[c] = ar - cr;
      values[c + 1] = ai - ci;
      values[b] = dr + y;
      values[b + 1] = di - x;
      values[d] = dr - y;
      values[d + 1] = di + x;
    }
  }
}
