"use strict";
// One player an article. The light follows the sound's own clock, so both
// stay together at any speed and after a jump.
for (const article of document.querySelectorAll("article")) {
  const player = article.querySelector(".player");
  if (player) startPlayer(article, player);
  startCopy(article.querySelector(".copy"), article.querySelector(".abc"));
}

function startPlayer(article, player) {
  const audio = player.querySelector("audio");
  const play = player.querySelector(".play");
  const seek = player.querySelector(".seek");
  const time = player.querySelector(".time");
  const speed = player.querySelector(".speed");
  const notes = JSON.parse(player.dataset.notes).map(
    ([id, start, stop]) => ({ group: document.getElementById(id), start, stop }),
  );
  let lit = new Set();
  player.querySelector(".wav").href = audio.src;

  function show() {
    const now = audio.currentTime;
    const next = new Set();
    if (!audio.paused && !audio.ended) {
      for (const note of notes) {
        if (note.start > now) break;
        if (now < note.stop && note.group) next.add(note.group);
      }
    }
    for (const group of lit) if (!next.has(group)) group.classList.remove("lit");
    for (const group of next) {
      if (!lit.has(group)) follow(group);
      group.classList.add("lit");
    }
    lit = next;
    const length = audio.duration || 0;
    seek.value = length ? (1000 * now) / length : 0;
    time.textContent = `${minutes(now)} / ${minutes(length)}`;
  }

  function run() {
    show();
    if (!audio.paused && !audio.ended) requestAnimationFrame(run);
  }

  play.addEventListener("click", () => {
    if (audio.paused) audio.play();
    else audio.pause();
  });
  audio.addEventListener("play", () => {
    for (const other of document.querySelectorAll("audio")) {
      if (other !== audio) other.pause();
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
  for (const event of ["loadedmetadata", "seeked"]) {
    audio.addEventListener(event, show);
  }
  seek.addEventListener("input", () => {
    audio.currentTime = ((audio.duration || 0) * seek.value) / 1000;
  });
  speed.addEventListener("change", () => {
    audio.playbackRate = Number(speed.value);
  });
  article.addEventListener("click", (event) => {
    const group = event.target.closest(".note");
    const note = group && notes.find((one) => one.group === group);
    if (note) {
      audio.currentTime = note.start;
      audio.play();
    }
  });
  show();
}

// On a narrow screen the sheet scrolls sideways: keep the light in view.
function follow(group) {
  const sheet = group.closest(".sheet");
  if (sheet.scrollWidth <= sheet.clientWidth) return;
  const note = group.getBoundingClientRect();
  const frame = sheet.getBoundingClientRect();
  if (note.left < frame.left + 40 || note.right > frame.right - 40) {
    sheet.scrollLeft += note.left - frame.left - frame.width / 4;
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
