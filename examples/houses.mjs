// Houses that nobody lives in, by a formula, so that the example needs no download.

/** Numbers in [0, 1) from a seed: a linear congruential generator (Knuth, TAOCP 2, 3.3.4). */
function generator(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * `count` houses: area [m²], rooms, age [years], distance to the center [km], garden [m²], garage [0 or 1];
 * and their prices in thousands.
 *
 * price = area · (1 + 5 · e^(−distance / 5)) + 0.1 · garden · distance / (1 + distance) + 15 · garage · [distance < 5]
 *         − 0.02 · area · age if age < 50, else no deduction: old houses have charm; ± up to 15 of noise
 *
 * A square metre is dear in the center, which is a product of two features: no linear model can say so.
 */
export function houses(count, seed) {
  const random = generator(seed);
  const features = [];
  const prices = [];
  for (let i = 0; i < count; i++) {
    const area = 40 + 160 * random();
    const rooms = Math.round(area / 30 + 2 * random());
    const age = 100 * random();
    const distance = 20 * random();
    const garden = Math.max(0, 800 * random() - 200);
    const garage = random() < 0.5 ? 1 : 0;
    const location = area * (1 + 5 * Math.exp(-distance / 5));
    const extras = (0.1 * garden * distance) / (1 + distance) + (distance < 5 ? 15 * garage : 0);
    const wear = age < 50 ? 0.02 * area * age : 0;
    features.push([area, rooms, age, distance, garden, garage]);
    prices.push(location + extras - wear + 30 * (random() - 0.5));
  }
  return { features, prices };
}
