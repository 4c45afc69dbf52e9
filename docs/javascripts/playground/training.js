/* The training in Python: netcode's, in the reader's browser. Nothing is loaded before the first question. */

import { SETTINGS } from "./settings.js";

const MOST = SETTINGS.updates.values.at(-1);
const SIDE = 72; // places along each side of the plane

export class Training {
  /* `told` is told of the loading: load(bytes, total), begun(). */
  constructor(reach, told) {
    Object.assign(this, { reach, told });
    this.run = 0;
  }

  /* The next question begins anew, even with the same settings. */
  restart() {
    this.run++;
  }

  /* Make so many more updates, and look at a layer. Returns { seen, points, message }: what there is to see, and the points if
     the training has begun anew. Without `seen`, `message` says why. */
  async advance(settings, updates, layer) {
    this.isStopped = false;
    const { Program } = await import("../../assets/live/program.js");
    if (this.isStopped) return { message: "Stopped" };
    this.program ??= new Program(this.told);
    const { well, frames, message } = await this.program.ask(this.beginning(settings), `answer(${updates}, layer=${layer})`);
    if (!well) return { message };
    const [seen, points] = frames.reverse();
    return seen.trouble ? { points, message: `${seen.trouble}.` } : { seen, points };
  }

  stop() {
    this.isStopped = true;
    this.program?.stop();
  }

  beginning({ updates, ...settings }) {
    return `# run ${this.run}
from netcode import data
from netcode.errors import InputError
from netcode.training.observed_training import ObservedTraining
from publishing.live.python.session import frame

settings = ${JSON.stringify(settings)}
sample = getattr(data, settings["data"])
rows, y = sample(*(settings[name] for name in ("points", "classes", "noise", "seed")))
chosen = {name: settings[name] for name in ("hidden", "learning_rate", "lam", "seed")}
training = ObservedTraining(rows, y, **chosen, updates=${MOST})
frame({"rows": rows.tolist(), "classes": y.tolist()})


def answer(updates, layer):
    try:
        training.advance(updates)
        seen = training.observe(layer)
    except InputError as error:
        frame({"trouble": str(error)})
    else:
        regions = training.regions(${this.reach}, ${SIDE})
        frame({**seen, "regions": "".join(map(str, regions.ravel()))})
`;
  }
}
