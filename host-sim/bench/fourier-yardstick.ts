/**
 * The yardstick of the Fourier benchmark: 256 real samples under a Hann window, written by hand for just
 * that. One function, everything in locals, sizes and the first twiddles as literals, the first three
 * stages in one pass, multiplications by 1 and −i left out, the weights in a table. It does what
 * firmware/pipeline/fourier.ts does for any size and window: takes the mean off, and leaves the spectrum
 * in place of the samples. `weights` are Hann's 0 … 128, `cos` and `sin` those of 2π k ÷ 256 for k = 0 … 95,
 * `swaps` the places of the real parts that change places in bit reversal, two and two.
 */

const S = 0.7071067811865476;

export function transform256(
  values: number[],
  weights: readonly number[],
  cos: readonly number[],
  sin: readonly number[],
  swaps: readonly number[],
): void {
  const swapCount = swaps.length;
  let i = 0,
    a = 0,
    b = 0,
    c = 0,
    d = 0,
    mean = 0,
    w = 0,
    x = 0,
    y = 0;
  let ar = 0,
    ai = 0,
    br = 0,
    bi = 0,
    cr = 0,
    ci = 0,
    dr = 0,
    di = 0,
    er = 0,
    ei = 0,
    fr = 0,
    fi = 0,
    gr = 0,
    gi = 0,
    hr = 0,
    hi = 0;
  let ur = 0,
    ui = 0,
    vr = 0,
    vi = 0,
    wr = 0,
    wi = 0;
  for (i = 0; i < 256; i++) mean += values[i]!;
  mean /= 256;
  values[0] = 0;
  values[128] = values[128]! - mean;
  for (i = 1, a = 255; i < 128; i++, a--) {
    w = weights[i]!;
    values[i] = (values[i]! - mean) * w;
    values[a] = (values[a]! - mean) * w;
  }
  for (i = 0; i < swapCount;) {
    a = swaps[i++]!;
    b = swaps[i++]!;
    x = values[a]!;
    values[a++] = values[b]!;
    values[b++] = x;
    x = values[a]!;
    values[a] = values[b]!;
    values[b] = x;
  }
  // Eight complex numbers at a time: stages 1, 2 and 3.
  for (i = 0; i < 256; i += 16) {
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
    // Stage 2: a ± c, b ∓ i d; e ± g, f ∓ i h.
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
    // Stage 3: factors 1, e^(−iπ/4), −i, e^(−3iπ/4).
    x = (fr + fi) * S;
    fi = (fi - fr) * S;
    fr = x;
    x = (hi - hr) * S;
    hi = -(hi + hr) * S;
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
  // Stages 4 and 5, 8 apart. Without factors first.
  for (a = 0; a < 256; a += 64) {
    b = a + 16;
    c = a + 32;
    d = a + 48;
    cr = values[c]!;
    dr = values[d]!;
    ci = values[c + 1]!;
    di = values[d + 1]!;
    x = cr - dr;
    cr += dr;
    y = ci - di;
    ci += di;
    ar = values[a]!;
    br = values[b]!;
    ai = values[a + 1]!;
    bi = values[b + 1]!;
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
  for (i = 2; i < 16; i += 2) {
    ur = cos[4 * i]!;
    ui = sin[4 * i]!;
    vr = ur * ur - ui * ui;
    vi = 2 * ur * ui;
    wr = ur * vr - ui * vi;
    wi = ur * vi + ui * vr;
    for (a = i; a < 256; a += 64) {
      b = a + 16;
      c = a + 32;
      d = a + 48;
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
  // Stages 6 and 7, 32 apart.
  for (a = 0; a < 64; a += 2) {
    ur = cos[a]!;
    ui = sin[a]!;
    vr = ur * ur - ui * ui;
    vi = 2 * ur * ui;
    wr = ur * vr - ui * vi;
    wi = ur * vi + ui * vr;
    b = a + 64;
    c = a + 128;
    d = a + 192;
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
  x = values[0]!;
  y = values[1]!;
  values[0] = x + y;
  values[1] = x - y;
  for (a = 2, b = 254, i = 1; i < 64; i++, a += 2, b -= 2) {
    ar = values[a]!;
    br = values[b]!;
    ai = values[a + 1]!;
    bi = values[b + 1]!;
    cr = (ar + br) * 0.5;
    ci = (ai - bi) * 0.5;
    dr = (ai + bi) * 0.5;
    di = (br - ar) * 0.5;
    ur = cos[i]!;
    ui = sin[i]!;
    x = dr * ur + di * ui;
    y = di * ur - dr * ui;
    values[a] = cr + x;
    values[b] = cr - x;
    values[a + 1] = ci + y;
    values[b + 1] = y - ci;
  }
  values[129] = -values[129]!;
}
