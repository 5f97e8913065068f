/*
 * P1 for other JavaScript engines, and for XS beside them: the same samples, work and checksums as
 * ../p1.ts, as a loop by hand and as a closure for each stage. In the words of 2009, which Duktape knows too.
 * Prints µs and checksums as JSON.
 */
/* eslint-disable no-var, vars-on-top, prefer-const, unicorn/no-top-level-assignment-in-function */
(function () {
  "use strict";
  var sampleCount = 100000;
  var passes = 4;

  function signal() {
    var samples = [];
    var noise = 2463534242 | 0;
    for (var i = 0; i < sampleCount; i++) {
      noise ^= noise << 13;
      noise ^= noise >>> 17;
      noise ^= noise << 5;
      var spike = i % 997 === 996 ? 50 : 0;
      var x = 20 + 5 * Math.sin(i / 500) + ((noise >>> 0) / 4294967296 - 0.5) * 0.4 + spike;
      samples.push(Math.floor(x * 100 + 0.5) / 100);
    }
    return samples;
  }

  function fused(samples) {
    var x0 = 0;
    var x1 = samples[0];
    var x2 = x1;
    var x3 = x1;
    var x4 = x1;
    var a = 0;
    var b = 0;
    var c = 0;
    var d = 0;
    var swap = 0;
    var y = 0;
    var last = 0;
    var started = false;
    var emitted = 0;
    var sum = 0;
    var n = 0;
    var min = 0;
    var max = 0;
    var origin = 0;
    var total = 0;
    var squares = 0;
    var distance = 0;
    var mean = 0;
    var variance = 0;
    var windows = 0;
    var check = 0;
    for (var pass = 0; pass < passes; pass++) {
      for (var i = 0; i < sampleCount; i++) {
        x0 = x1;
        x1 = x2;
        x2 = x3;
        x3 = x4;
        x4 = samples[i];
        a = x0;
        b = x1;
        c = x2;
        d = x3;
        if (b < a) {
          swap = a;
          a = b;
          b = swap;
        }
        if (d < c) {
          swap = c;
          c = d;
          d = swap;
        }
        // The least of the four is not the median of five: it makes way for the fifth.
        if (c < a) {
          swap = b;
          b = d;
          d = swap;
          c = a;
        }
        a = x4;
        if (b < a) {
          swap = a;
          a = b;
          b = swap;
        }
        if (a < c) {
          d = b;
          a = c;
        }
        swap = d < a ? d : a;
        if (started) {
          y = 0.1 * swap + 0.9 * y;
          if ((y > last ? y - last : last - y) > 0.05) {
            last = y;
            emitted++;
            sum += y;
          }
        } else {
          started = true;
          last = y = swap;
          emitted++;
          sum += y;
        }
        if (n === 0) {
          origin = min = max = y;
          total = squares = 0;
        } else if (y < min) min = y;
        else if (y > max) max = y;
        distance = y - origin;
        total += distance;
        squares += distance * distance;
        if (++n === 100) {
          mean = total / 100;
          variance = squares / 100 - mean * mean;
          check += min + max + (origin + mean) + Math.sqrt(variance > 0 ? variance : 0);
          windows++;
          n = 0;
        }
      }
    }
    return { emitted: emitted, sum: sum, windows: windows, check: check };
  }

  function median5(next) {
    var started = false;
    var x0 = 0;
    var x1 = 0;
    var x2 = 0;
    var x3 = 0;
    var x4 = 0;
    return function (x) {
      if (!started) {
        started = true;
        x1 = x2 = x3 = x4 = x;
      }
      x0 = x1;
      x1 = x2;
      x2 = x3;
      x3 = x4;
      x4 = x;
      var a = x0;
      var b = x1;
      var c = x2;
      var d = x3;
      var swap = 0;
      if (b < a) {
        swap = a;
        a = b;
        b = swap;
      }
      if (d < c) {
        swap = c;
        c = d;
        d = swap;
      }
      if (c < a) {
        swap = b;
        b = d;
        d = swap;
        c = a;
      }
      a = x;
      if (b < a) {
        swap = a;
        a = b;
        b = swap;
      }
      if (a < c) {
        d = b;
        a = c;
      }
      next(d < a ? d : a);
    };
  }

  function average(alpha, next) {
    var y = 0;
    var started = false;
    var rest = 1 - alpha;
    return function (x) {
      if (started) y = alpha * x + rest * y;
      else {
        started = true;
        y = x;
      }
      next(y);
    };
  }

  function summary(count, emit, next) {
    var n = 0;
    var min = 0;
    var max = 0;
    var origin = 0;
    var total = 0;
    var squares = 0;
    return function (x) {
      if (n === 0) {
        origin = min = max = x;
        total = squares = 0;
      } else if (x < min) min = x;
      else if (x > max) max = x;
      var distance = x - origin;
      total += distance;
      squares += distance * distance;
      if (++n === count) {
        var mean = total / count;
        var variance = squares / count - mean * mean;
        n = 0;
        emit(min, max, origin + mean, Math.sqrt(variance > 0 ? variance : 0));
      }
      next(x);
    };
  }

  function delta(by, next) {
    var last = 0;
    var started = false;
    return function (x) {
      if (started && (x > last ? x - last : last - x) <= by) return;
      started = true;
      last = x;
      next(x);
    };
  }

  function closures(samples) {
    var emitted = 0;
    var sum = 0;
    var windows = 0;
    var check = 0;
    function sink(x) {
      emitted++;
      sum += x;
    }
    function window(min, max, mean, std) {
      windows++;
      check += min + max + mean + std;
    }
    var push = median5(average(0.1, summary(100, window, delta(0.05, sink))));
    for (var pass = 0; pass < passes; pass++) {
      for (var i = 0; i < sampleCount; i++) push(samples[i]);
    }
    return { emitted: emitted, sum: sum, windows: windows, check: check };
  }

  function clockUs() {
    return typeof nowUs === "function" ? nowUs() : Date.now() * 1000;
  }

  function timed(work, samples) {
    var start = clockUs();
    var checksums = work(samples);
    return { us: clockUs() - start, checksums: checksums };
  }

  var samples = signal();
  var results = JSON.stringify({ loop: timed(fused, samples), closures: timed(closures, samples) });
  print(results);
})();
