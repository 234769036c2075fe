"use strict";
// The sound is computed here from the notes, as `mitseq/tunes/audio.py` does
// it: a page holds some kilobytes of notes in place of megabytes of samples.
const RATE = 22050; // samples per second
const HARMONICS = 24;
const PLUCK = 0.17; // where the string is plucked, as a share of its length
const RELEASE = 0.12; // seconds a note rings on after its end
const PEAK = 0.89; // of full scale, so that nothing clips
const UNHEARD = 1e-5; // a string is computed until so little is left of it

// One player an article. The light follows the sound's own clock, so both
// stay together at any speed and after a jump.
for (const article of document.querySelectorAll("article")) {
  const player = article.querySelector(".player");
  if (player) startPlayer(article, player);
  const copy = article.querySelector(".copy");
  if (copy) startCopy(copy, article.querySelector(".abc"));
}

function startPlayer(article, player) {
  const audio = player.querySelector("audio");
  const play = player.querySelector(".play");
  const seek = player.querySelector(".seek");
  const time = player.querySelector(".time");
  const speed = player.querySelector(".speed");
  const save = player.querySelector(".wav");
  const length = Number(player.dataset.length);
  // A note stands in two scores, of which the width of the screen shows one.
  const notes = JSON.parse(player.dataset.notes).map(([id, start, stop]) => ({
    groups: [id, `narrow-${id}`].map((one) => document.getElementById(one)),
    start, stop,
  }));
  let lit = new Set();

  function prepare() {
    if (audio.src) return;
    const sounds = JSON.parse(player.dataset.sounds);
    const samples = inARoom(mixed(sounds, length));
    audio.src = URL.createObjectURL(wav(samples));
    save.href = audio.src;
  }

  function start() {
    // A pause that follows at once breaks off the beginning: no fault.
    audio.play().catch((error) => {
      if (error.name !== "AbortError") throw error;
    });
  }

  function toggle() {
    prepare();
    if (audio.paused) start();
    else audio.pause();
  }

  function goTo(seconds) {
    prepare();
    audio.currentTime = Math.min(Math.max(seconds, 0), length);
    show();
  }

  function show() {
    const now = audio.currentTime;
    const next = new Set();
    if (!audio.paused && !audio.ended) {
      for (const note of notes) {
        if (note.start > now) break;
        if (now < note.stop) for (const one of note.groups) next.add(one);
      }
    }
    next.delete(null);
    const read = [...lit].some(isInView);
    for (const group of lit) if (!next.has(group)) group.classList.remove("lit");
    for (const group of next) {
      if (read && !lit.has(group)) follow(group);
      group.classList.add("lit");
    }
    if (next.size || audio.paused) lit = next;
    seek.value = now;
    time.textContent = `${minutes(now)} / ${minutes(length)}`;
    seek.setAttribute("aria-valuetext", `${minutes(now)} of ${minutes(length)}`);
  }

  function run() {
    show();
    if (!audio.paused && !audio.ended) requestAnimationFrame(run);
  }

  play.addEventListener("click", toggle);
  audio.addEventListener("play", () => {
    for (const other of document.querySelectorAll(".player")) {
      // The one in use stays on the screen while its score scrolls.
      other.classList.toggle("at-hand", other === player);
      if (other !== player) other.querySelector("audio").pause();
    }
    play.textContent = "❚❚";
    play.setAttribute("aria-label", "Pause");
    run();
  });
  for (const event of ["pause", "ended"]) {
    audio.addEventListener(event, () => {
      play.textContent = "▶";
      play.setAttribute("aria-label", "Play");
      show();
    });
  }
  audio.addEventListener("seeked", show);
  seek.addEventListener("input", () => goTo(Number(seek.value)));
  // The keys of an audio player: the arrows jump, the space bar stops.
  seek.addEventListener("keydown", (event) => {
    const jump = { ArrowLeft: -2, ArrowDown: -2, ArrowRight: 2, ArrowUp: 2 };
    if (event.key === " ") toggle();
    else if (event.key in jump) goTo(audio.currentTime + jump[event.key]);
    else return;
    event.preventDefault();
  });
  speed.addEventListener("change", () => {
    audio.defaultPlaybackRate = audio.playbackRate = Number(speed.value);
  });
  save.addEventListener("click", prepare);
  article.addEventListener("click", (event) => {
    if (!event.target.closest(".sheet")) return;
    const note = nearest(notes, event.clientX, event.clientY);
    if (note) {
      goTo(note.start);
      start();
    }
  });
  show();
}

// The note at a point of the screen, or the nearest a finger's breadth around.
function nearest(notes, x, y) {
  let found = null, least = 12;
  for (const note of notes) {
    for (const group of note.groups) {
      const head = group?.querySelector(".notehead");
      const box = head?.getBoundingClientRect();
      if (!box?.width) continue; // in the score that is not shown
      const aside = Math.max(box.left - x, 0, x - box.right);
      const above = Math.max(box.top - y, 0, y - box.bottom);
      const distance = Math.hypot(aside, above);
      if (distance < least) [found, least] = [note, distance];
    }
  }
  return found;
}

// The score scrolls with the light, as long as the reader looks at the light.
function isInView(group) {
  const box = group.getBoundingClientRect();
  return box.height > 0 && box.top >= 0 && box.bottom <= innerHeight;
}

function follow(group) {
  const box = group.getBoundingClientRect();
  if (box.height > 0 && (box.top < 0 || box.bottom > innerHeight - 90)) {
    scrollBy({ top: box.top - innerHeight / 3 });
  }
}

function minutes(seconds) {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function startCopy(button, source) {
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(source.textContent);
    } catch {
      getSelection().selectAllChildren(source);
      document.execCommand("copy");
      getSelection().removeAllRanges();
    }
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy ABC"; }, 1500);
  });
}

// All sounds [pitch, start, stop, volume] of a tune, one over the other.
function mixed(sounds, length) {
  const mix = new Float32Array(Math.floor(length * RATE) + 1);
  const release = Math.floor(RELEASE * RATE);
  const longest = new Map();
  for (const [pitch, start, stop] of sounds) {
    longest.set(pitch, Math.max(longest.get(pitch) ?? 0, stop - start));
  }
  const strings = new Map();
  for (const [pitch, seconds] of longest) {
    strings.set(pitch, pluck(pitch, seconds + RELEASE));
  }
  for (const [pitch, start, stop, volume] of sounds) {
    const string = strings.get(pitch);
    const first = Math.round(start * RATE);
    const held = Math.round(stop * RATE) - first;
    const size = Math.min(held + release, string.length, mix.length - first);
    for (let i = 0; i < size; i++) {
      const gone = (i - (size - release)) / (release - 1);
      const fade = gone > 0 ? Math.cos(Math.PI / 2 * gone) ** 2 : 1;
      mix[first + i] += string[i] * fade * volume;
    }
  }
  return mix;
}

// A plucked string: the harmonics of a tone, the higher the sooner gone. None is
// computed for longer than it is heard.
function pluck(pitch, seconds) {
  const frequency = 440 * 2 ** ((pitch - 69) / 12);
  const lowest = 1.1 * (frequency / 440) ** 0.6;
  const samples = (loss) =>
    Math.round(Math.min(seconds, -Math.log(UNHEARD) / loss) * RATE);
  const string = new Float32Array(samples(lowest));
  for (let k = 1; k <= HARMONICS && k * frequency < 0.45 * RATE; k++) {
    const loss = lowest * (1 + 0.22 * (k - 1) ** 1.4);
    const size = samples(loss);
    // A pointer turns and grows shorter; its height is the next sample.
    const shrink = Math.exp(-loss / RATE);
    const turn = 2 * Math.PI * k * frequency / RATE;
    const x = shrink * Math.cos(turn), y = shrink * Math.sin(turn);
    let across = 0.5 * Math.sin(Math.PI * k * PLUCK) / k ** 1.6;
    let up = 0;
    for (let i = 0; i < size; i++) {
      string[i] += up;
      const turned = across * x - up * y;
      up = across * y + up * x;
      across = turned;
    }
  }
  const attack = Math.floor(0.003 * RATE);
  for (let i = 0; i < Math.min(attack, string.length); i++) {
    string[i] *= Math.sin(Math.PI / 2 * i / (attack - 1)) ** 2;
  }
  return string;
}

// A short, soft echo (Schroeder, 1962): four walls at different distances,
// two filters that blur what they throw back. Then as loud as may be.
function inARoom(dry) {
  const wet = new Float32Array(dry.length);
  for (const seconds of [0.0297, 0.0371, 0.0411, 0.0437]) {
    const echo = dry.slice();
    const delay = Math.round(seconds * RATE);
    const kept = 10 ** (-3 * seconds / 1.25); // gone after 1.25 s
    for (let i = delay; i < echo.length; i++) echo[i] += kept * echo[i - delay];
    for (let i = delay; i < wet.length; i++) wet[i] += echo[i - delay];
  }
  for (const seconds of [0.005, 0.0017]) {
    const delay = Math.round(seconds * RATE);
    const through = wet.slice();
    for (let i = delay; i < wet.length; i++) {
      wet[i] = 0.7 * (wet[i - delay] - through[i]) + through[i - delay];
    }
  }
  let low = 0, loudest = 0;
  const mix = dry.map((sample, i) => {
    low += 0.35 * (wet[i] - low); // a room is dull
    return sample + 0.07 * low;
  });
  for (const sample of mix) loudest = Math.max(loudest, Math.abs(sample));
  return loudest ? mix.map((sample) => sample * PEAK / loudest) : mix;
}

// A WAV file: mono, 16 bits a sample.
function wav(samples) {
  const file = new DataView(new ArrayBuffer(44 + 2 * samples.length));
  const text = (at, word) => [...word].forEach(
    (letter, i) => file.setUint8(at + i, letter.charCodeAt(0)));
  text(0, "RIFF");
  file.setUint32(4, 36 + 2 * samples.length, true);
  text(8, "WAVEfmt ");
  file.setUint32(16, 16, true);
  file.setUint16(20, 1, true);
  file.setUint16(22, 1, true);
  file.setUint32(24, RATE, true);
  file.setUint32(28, 2 * RATE, true);
  file.setUint16(32, 2, true);
  file.setUint16(34, 16, true);
  text(36, "data");
  file.setUint32(40, 2 * samples.length, true);
  samples.forEach((sample, i) => {
    file.setInt16(44 + 2 * i, Math.round(32767 * sample), true);
  });
  return new Blob([file], { type: "audio/wav" });
}
