// One short chime, made on the spot: nothing is fetched.

let context;

/** Two notes, a fifth apart, that fade; never before the visitor has touched the page. */
export const chime = () => {
  if (navigator.userActivation?.hasBeenActive == false) return;
  try {
    context ??= new AudioContext();
    const start = context.currentTime;
    for (const [frequency, at] of [[659.3, 0], [987.8, 0.09]]) {
      const note = new OscillatorNode(context, { frequency });
      const volume = new GainNode(context, { gain: 0.08 });
      volume.gain.setTargetAtTime(0, start + at + 0.03, 0.09);
      note.connect(volume).connect(context.destination);
      note.start(start + at);
      note.stop(start + at + 0.6);
    }
  } catch {} // no sound here
};
