// The handwritten digits of the development dependency `mnist`: 10,000 images of 28 × 28 pixels.
import { createRequire } from "node:module";

// The package's own entry would draw its images at random; its files have them in a fixed order.
const require = createRequire(import.meta.url);
const PIXELS = 28 * 28;

/**
 * A fixed split: of every ten images of each digit, seven to train on, one to validate with and two to test with.
 *
 * Pixels are bytes, as in the original files: the package has them divided by 255, rounded to three digits.
 */
export function loadDigits() {
  const sets = { training: [], validation: [], test: [] };
  for (let digit = 0; digit < 10; digit++) {
    const { data } = require(`mnist/src/digits/${digit}.json`);
    for (let i = 0; i < Math.floor(data.length / PIXELS); i++) {
      const share = i % 10;
      const name = share < 7 ? "training" : share === 7 ? "validation" : "test";
      sets[name].push({ digit, pixels: data.slice(i * PIXELS, (i + 1) * PIXELS) });
    }
  }
  return Object.fromEntries(Object.entries(sets).map(([name, images]) => [name, pack(images)]));
}

/** One flat array of all pixels and one of all labels: nothing to convert when training starts. */
function pack(images) {
  const x = new Uint8Array(images.length * PIXELS);
  const y = new Uint8Array(images.length);
  images.forEach(({ digit, pixels }, i) => {
    x.set(
      pixels.map((value) => Math.round(value * 255)),
      i * PIXELS,
    );
    y[i] = digit;
  });
  return { x, y };
}
