"""`embouchure bench`: what playing costs on this computer, and what it withstands."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from embouchure.commands.options import JsonOption, PresetOption, RateOption
from embouchure.output import console, speak_json
from embouchure.play_settings import DEFAULT_PRESET, DEFAULT_RATE_HZ

if TYPE_CHECKING:
    from embouchure.endurance import Endured
    from embouchure.listening_cost import ListeningCost
    from embouchure.mapping_cost import MappingCost
    from embouchure.page_bench import PageCost
    from synth.bench import Row


def bench(
    preset: PresetOption = DEFAULT_PRESET,
    rate: RateOption = DEFAULT_RATE_HZ,
    seconds: Annotated[
        float, typer.Option(min=0.1, max=600, help="How long each case is measured.")
    ] = 6.0,
    storm: Annotated[
        float, typer.Option(min=0, max=600, help="Instead, minutes of random playing to withstand.")
    ] = 0.0,
    page: Annotated[
        bool,
        typer.Option("--page", help="Instead, play for so long with a page, surfaces and OSC."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Measure 1 to 32 voices with every partial audible, as a share of the deadline.

    With `--page` it sounds: through the default device, from a page and two surfaces of ten fingers
    each, while three more clients listen and OSC goes out 200 times a second.

    Where the preset has a cache, the time of looking up there stands beside the decoder's.

    Examples: embouchure bench --seconds 2, embouchure bench --storm 10,
    embouchure bench --page --seconds 20
    """
    if page:
        _serve(preset, rate, seconds, as_json=as_json)
    elif storm:
        _weather(preset, rate, storm * 60, as_json=as_json)
    else:
        _measure(preset, rate, seconds, as_json=as_json)


def _measure(preset: str, rate_hz: int, seconds: float, *, as_json: bool) -> None:
    from embouchure import listening_cost, mapping_cost
    from embouchure.instrument import open_engine, space_and_patch
    from presets.caches import find_cache
    from presets.store import load
    from synth.bench import run

    with console.status("Measuring"):
        cache = find_cache(load(preset))
        measured = run(*space_and_patch(preset), rate_hz=rate_hz, seconds=seconds, lattice=cache)
        rows = list(measured)
        listening = listening_cost.measure(open_engine(preset, rate_hz))
        mapping = mapping_cost.measure(load(preset).mapping)
    if as_json:
        parts = {"listening": asdict(listening), "mapping": asdict(mapping)}
        speak_json({"blocks": [asdict(row) for row in rows], **parts})
        return
    console.print(_table(rows))
    console.print(_mapping_words(mapping), highlight=False)
    console.print(_words(listening), highlight=False)


def _serve(preset: str, rate_hz: int, seconds: float, *, as_json: bool) -> None:
    from embouchure.page_bench import Trial
    from embouchure.play_settings import PlaySettings

    with console.status("Playing"):
        cost = Trial(PlaySettings(preset=preset, rate_hz=rate_hz), seconds).run()
    if as_json:
        speak_json(asdict(cost))
        return
    console.print(_page_words(cost), highlight=False)


def _page_words(cost: "PageCost") -> str:
    return (
        f"On {cost.device}, with up to {cost.most_voices} voices and a load of {cost.load:.0%} at most: "
        f"{cost.n_strikes} strikes from a surface became voices after {cost.voice_p50_ms:.1f} ms "
        f"(p99 {cost.voice_p99_ms:.1f} ms; {cost.n_missed} missed), and were echoed after "
        f"{cost.echo_p50_ms:.1f} ms (p99 {cost.echo_p99_ms:.1f} ms). The page was drawn "
        f"{cost.view_hz:.1f} times a second (p99 {cost.view_gap_p99_ms:.1f} ms apart). "
        f"{cost.dropouts} dropouts, {cost.shed} voices shed."
    )


def _table(rows: "Sequence[Row]") -> Table:
    stages = list(dict.fromkeys(stage for row in rows for stage in row.stage_us))
    table = Table("block", "case", "voices", "p50", "p99", "p99.9", *stages, box=None)
    for row in rows:
        shares = (row.p50_share, row.p99_share, row.p999_share)
        table.add_row(
            str(row.block_frames),
            row.case,
            str(row.n_voices),
            *(f"{share:.1%}" for share in shares),
            *(f"{row.stage_us[stage]:.0f} us" if stage in row.stage_us else "" for stage in stages),
        )
    return table


def _mapping_words(cost: "MappingCost") -> str:
    return (
        f"With {cost.n_voices} voices that swing, the mapping takes {cost.p50_us:.1f} us of each "
        f"in a control frame (p99 {cost.p99_us:.1f} us); taught as much as it can be, "
        f"{cost.taught_p50_us:.1f} us (p99 {cost.taught_p99_us:.1f} us)."
    )


def _words(cost: "ListeningCost") -> str:
    return (
        f"Ten fingers at a LinnStrument's full rate take {cost.core_share:.1%} of a core "
        f"({cost.message_us:.1f} us a message); a note behind a burst of all of them waits "
        f"{cost.note_wait_p50_us:.0f} us (p99 {cost.note_wait_p99_us:.0f} us)."
    )


def _weather(preset: str, rate_hz: int, seconds: float, *, as_json: bool) -> None:
    from embouchure.endurance import endure
    from embouchure.instrument import open_engine

    engine = open_engine(preset, rate_hz)
    story: list[Endured] = []
    with console.status("Storm") as status:
        for now in endure(engine, seconds, seed=1):
            story.append(now)
            status.update(f"Storm: {now.seconds:.0f} s of {seconds:.0f}")
    if as_json:
        speak_json([asdict(now) for now in story])
        return
    console.print(_story(story), highlight=False)


def _story(story: "Sequence[Endured]") -> str:
    early, last = story[min(60, len(story) - 1)], story[-1]
    return (
        f"{last.n_events} events, {last.n_stolen} voices stolen. "
        f"Highest peak {max(now.peak for now in story):.3f} of full scale, "
        f"{last.n_not_finite} not finite. "
        f"At the end {last.n_held} touches held and a peak of {last.peak:.1e}. "
        f"Memory {_megabytes(early)} early, {_megabytes(last)} at the end."
    )


def _megabytes(now: "Endured") -> str:
    return "unknown" if now.memory_mb is None else f"{now.memory_mb:.0f} MB"
