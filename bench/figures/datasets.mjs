/** The public datasets that the figures are of, with their canonical splits: see the README of the data's folder. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";

/** Files of a folder with the layout of shared/data. */
export class Datasets {
  #folder;
  #splits;

  constructor(folder) {
    this.#folder = folder;
    this.#splits = JSON.parse(readFileSync(`${folder}/splits.json`, "utf8"));
  }

  #bytes(path) {
    const bytes = readFileSync(`${this.#folder}/${path}`);
    return path.endsWith(".gz") ? gunzipSync(bytes) : bytes;
  }

  #rows(path, options = {}) {
    return parse(this.#bytes(path), { cast: true, skip_empty_lines: true, ...options });
  }

  /** Rows of features with the class in the last column: iris, wine, breast-cancer, digits. */
  classes(name, file, { header = true } = {}) {
    const rows = this.#rows(`${name}/${file}`, { from_line: header ? 2 : 1, relax_column_count: true });
    return this.#split(
      name,
      rows.map((row) => row.slice(0, -1)),
      rows.map((row) => row.at(-1)),
    );
  }

  diabetes() {
    const x = this.#rows("diabetes/diabetes_data_raw.csv.gz", { delimiter: " " });
    const y = this.#rows("diabetes/diabetes_target.csv.gz", { delimiter: " " });
    return this.#split("diabetes", x, y);
  }

  #split(name, x, y) {
    const test = new Set(this.#splits[name]);
    const part = (wanted) => ({
      x: x.filter((_, row) => test.has(row) === wanted),
      y: y.filter((_, row) => test.has(row) === wanted),
    });
    return { train: part(false), test: part(true) };
  }

  /** Per-household features as scikit-learn's fetch_california_housing has them, and prices in 100,000 dollars. */
  californiaHousing() {
    const table = this.#rows("california-housing/housing.csv.gz", { columns: true });
    const perBedroom = table.map((row) => row.total_bedrooms / row.households);
    const known = perBedroom.filter((_, i) => table[i].total_bedrooms !== "").sort((a, b) => a - b);
    const median = (known[(known.length - 1) >> 1] + known[known.length >> 1]) / 2;
    const x = table.map((row, i) => [
      row.median_income,
      row.housing_median_age,
      row.total_rooms / row.households,
      row.total_bedrooms === "" ? median : perBedroom[i],
      row.population,
      row.population / row.households,
      row.latitude,
      row.longitude,
    ]);
    const y = table.map((row) => [row.median_house_value / 100_000]);
    const { test, valid } = this.#splits["california-housing"];
    const [isTest, isValid] = [new Set(test), new Set(valid)];
    const part = (holds) => ({ x: x.filter((_, row) => holds(row)), y: y.filter((_, row) => holds(row)) });
    return {
      train: part((row) => !isTest.has(row) && !isValid.has(row)),
      valid: part((row) => isValid.has(row)),
      test: part((row) => isTest.has(row)),
    };
  }

  /** Images as bytes, labels; the first 5,000 rows of the training set are held out, as the published figure does. */
  fashionMnist() {
    const images = (name) => this.#bytes(`fashion-mnist/${name}-images-idx3-ubyte.gz`).subarray(16);
    const labels = (name) => this.#bytes(`fashion-mnist/${name}-labels-idx1-ubyte.gz`).subarray(8);
    const [x, y] = [images("train"), labels("train")];
    return {
      train: { x: x.subarray(5000 * 784), y: y.subarray(5000) },
      valid: { x: x.subarray(0, 5000 * 784), y: y.subarray(0, 5000) },
      test: { x: images("t10k"), y: labels("t10k") },
    };
  }
}
