/** Long work in slices, between which the browser draws and answers. */

const SLICE_MILLIS = 8;

const breathe = () => globalThis.scheduler?.yield?.() ?? new Promise(resolve => setTimeout(resolve));

/** Does one work after the other, in the order of the calls. Work that fits a slice is done when `add` returns. */
export class Slices {
  #waiting = [];
  #until = 0;
  #isRunning = false;

  /** @param work returns nothing, or an iterator that can stop after each step. The promise completes with the work. */
  add(work) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ work, resolve, reject });
      if (!this.#isRunning) {
        this.#run();
      }
    });
  }

  async #run() {
    this.#isRunning = true;
    this.#until = performance.now() + SLICE_MILLIS;
    while (this.#waiting.length > 0) {
      const { work, resolve, reject } = this.#waiting.shift();
      try {
        const steps = work() ?? [];
        for (const step of steps) {
          if (performance.now() > this.#until) {
            await breathe();
            this.#until = performance.now() + SLICE_MILLIS;
          }
        }
        resolve();
      } catch (failure) {
        reject(failure);
      }
    }
    this.#isRunning = false;
  }
}
