// An edge worker that serves predictions of what ./train.mjs has learned.
//
//     POST /  { "x": [[5.1, 3.5, 1.4, 0.2], …] }
import { createModel, KEY } from "./network.mjs";

/** The model stays in the isolate from request to request; its weights are read anew when there are newer ones. */
let model;

export default {
  async fetch(request, env) {
    if (request.method !== "POST") return new Response("POST rows to classify.", { status: 405 });
    try {
      const { x } = await request.json();
      const saved = await env.SNAPSHOTS.get(KEY, "arrayBuffer");
      if (saved === null) return Response.json({ error: "Nothing has been learned yet." }, { status: 404 });
      model ??= await createModel();
      model.restore(saved);
      const probabilities = await model.predict(x);
      const rows = x.map((_, row) => Array.from(probabilities.subarray(row * 3, row * 3 + 3)));
      return Response.json({
        classes: rows.map((row) => row.indexOf(Math.max(...row))),
        probabilities: rows,
      });
    } catch (error) {
      return Response.json({ error: `${error.name}: ${error.message}` }, { status: 400 });
    }
  },
};
