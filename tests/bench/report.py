"""What was measured, as lines, as a table and as a plot."""

import math
import os
import pathlib
import re

BEGIN, END = "<!-- speed: written by script/bench --readme -->", "<!-- end of speed -->"


def number(value):
    if value is None:
        return "–"
    if value >= 1000:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.3g}"


def times(ratio):
    return f"{ratio['median']:.2g} ({ratio['min']:.2g}–{ratio['max']:.2g})"


def line(result):
    """NAME fristvakt VALUE UNIT | peer … | limit … | ratio to peer … | ratio to limit … | budget …"""
    if result.get("value") is None:
        why = "; ".join(result["problems"].values()).strip().splitlines()[-1:]
        return f"{result['name']} not measured: {''.join(why)}"
    parts = [f"{result['name']} fristvakt {number(result['value'])} {result['unit']}"]
    parts += [f"peer {name} {number(result['medians'].get(name))}" for name in result["peers"]]
    limit = result["limit"]
    if limit:
        parts.append(f"limit {limit} {number(result['medians'].get(limit))}")
    for name in result["peers"]:
        if result["ratios"].get(name):
            parts.append(f"ratio to {name} {times(result['ratios'][name])}")
    if limit and result["ratios"].get(limit):
        parts.append(f"ratio to limit {times(result['ratios'][limit])}")
    if result["budget"]:
        parts.append(f"budget {result['budget']} {'met' if result['met'] else 'missed'}")
    if result["free_share"] < 0.85:
        parts.append(f"noisy: {result['free_share']:.0%} of the cores were free")
    for name, why in result["problems"].items():
        parts.append(f"{name} failed: {why.strip().splitlines()[-1]}")
    return " | ".join(parts)


def _cost(result):
    """What one of them costs, up to a factor."""
    return 1 / result["value"] if result["more_is_better"] else result["value"]


def _by_kind(results):
    kinds = {}
    for result in results:
        if result.get("kind") and result.get("value"):
            kinds.setdefault(result["kind"], {})[result["stored"]] = _cost(result)
    return {kind: sizes for kind, sizes in kinds.items() if len(sizes) > 1}


def factors(results):
    """By kind: how many times as much at the largest size as at the smallest."""
    return {kind: (min(sizes), max(sizes), sizes[max(sizes)] / sizes[min(sizes)])
            for kind, sizes in _by_kind(results).items()}


def growth(results):
    return [f"growth {kind}: × {factor:.2f} from {number(least)} to {number(most)} stored cases"
            for kind, (least, most, factor) in factors(results).items()]


def machine_words():
    names = re.findall(r'^PRETTY_NAME="(.*)"', pathlib.Path("/etc/os-release").read_text(), re.M)
    system = re.sub(r"GNU/Linux |\(.*\)", "", names[0]).strip() if names else "Linux"
    return f"{os.cpu_count()} cores, {system}"


def table(about, results):
    how = "`script/bench --quick`, one round" if about["quick"] else "`script/bench`"
    grown = factors(results)
    lines = [f"{how}, {about['date']}, {about['machine']}; {about.get('under', 'a quiet machine')}.",
             "",
             "| measure | fristvakt | beside it | ratio to the best peer | ratio to the limit "
             "| growth | budget |",
             "| --- | --- | --- | --- | --- | --- | --- |"]
    for result in results:
        if result.get("value") is None:
            lines.append(f"| {result['name']} | not measured | | | | | |")
            continue
        limit = result["limit"]
        beside = [f"{name} {number(value)}" for name, value in result["medians"].items()
                  if name != "fristvakt"]
        peers = [result["ratios"][name] for name in result["peers"] if result["ratios"].get(name)]
        best = min(peers, key=lambda one: one["median"]) if peers else None
        of_limit = result["ratios"].get(limit) if limit else None
        factor = grown.get(result.get("kind"))
        shown = factor and result["stored"] == factor[1]
        budget = f"{result['budget']}: {'met' if result['met'] else '**missed**'}" \
            if result["budget"] else ""
        lines.append(f"| {result['name']} | {number(result['value'])} {result['unit']} "
                     f"| {' · '.join(beside)} | {times(best) if best else ''} "
                     f"| {times(of_limit) if of_limit else ''} "
                     f"| {f'× {factor[2]:.2g}' if shown else ''} | {budget} |")
    return lines


COLOURS = ["#0062ba", "#b3253a", "#068718", "#8a4fbf", "#c45500", "#1e6f7a", "#6b6b6b", "#a0137a"]
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 400, 60, 230, 40, 50


def plot(about, results):
    """Cost against stored cases, both logarithmic: a flat line costs the same however many there
    are. Each cost is a factor of what it is at the smallest size."""
    kinds = _by_kind(results)
    sizes = sorted({size for costs in kinds.values() for size in costs})
    if len(sizes) < 2:
        return None
    scaled = {kind: {size: cost / costs[min(costs)] for size, cost in costs.items()}
              for kind, costs in kinds.items()}
    every = [value for costs in scaled.values() for value in costs.values()]
    low, high = min(0.5, min(every)), max(sizes[-1] / sizes[0], max(every))

    def x(size):
        part = math.log(size / sizes[0]) / math.log(sizes[-1] / sizes[0])
        return LEFT + part * (WIDTH - LEFT - RIGHT)

    def y(value):
        part = math.log(value / low) / math.log(high / low)
        return HEIGHT - BOTTOM - part * (HEIGHT - TOP - BOTTOM)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
           'font-family="sans-serif" font-size="13" role="img" aria-labelledby="t">',
           '<title id="t">Cost against stored cases</title>',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
           f'<text x="{LEFT}" y="22" font-size="15">Cost against stored cases, as a factor of the '
           f'cost at {number(sizes[0])}</text>']
    for size in sizes:
        out.append(f'<line x1="{x(size):.1f}" y1="{TOP}" x2="{x(size):.1f}" '
                   f'y2="{HEIGHT - BOTTOM}" stroke="#ddd"/>')
        out.append(f'<text x="{x(size):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">'
                   f'{number(size)}</text>')
    for factor in (1, 10, 100):
        if factor <= high:
            out.append(f'<line x1="{LEFT}" y1="{y(factor):.1f}" x2="{WIDTH - RIGHT}" '
                       f'y2="{y(factor):.1f}" stroke="#ddd"/>')
            out.append(f'<text x="{LEFT - 8}" y="{y(factor) + 4:.1f}" text-anchor="end">'
                       f'× {factor}</text>')
    out.append(f'<path d="M{x(sizes[0]):.1f} {y(1):.1f} L{x(sizes[-1]):.1f} '
               f'{y(sizes[-1] / sizes[0]):.1f}" stroke="#999" stroke-dasharray="4 4" fill="none"/>')
    out.append(f'<text x="{x(sizes[-1]) - 10:.1f}" y="{y(sizes[-1] / sizes[0]) + 16:.1f}" '
               'text-anchor="end" fill="#666">if it grew with what is stored</text>')
    labels = _labels(scaled, y)
    for (kind, costs), colour in zip(scaled.items(), COLOURS):
        points = " L".join(f"{x(size):.1f} {y(costs[size]):.1f}" for size in sorted(costs))
        out.append(f'<path d="M{points}" stroke="{colour}" stroke-width="2" fill="none"/>')
        out.append(f'<text x="{x(max(costs)) + 10:.1f}" y="{labels[kind] + 4:.1f}" '
                   f'fill="{colour}">{kind} × {costs[max(costs)]:.2f}</text>')
    out.append(f'<text x="{LEFT}" y="{HEIGHT - 12}" fill="#666">open cases stored; '
               f'{about["date"]}, {about["machine"]}</text>')
    return "\n".join(out + ["</svg>"]) + "\n"


def _labels(scaled, y):
    """Where each line's name stands: at its end, but no two on each other."""
    places, last = {}, -math.inf
    for kind in sorted(scaled, key=lambda kind: y(scaled[kind][max(scaled[kind])])):
        last = places[kind] = max(y(scaled[kind][max(scaled[kind])]), last + 16)
    over = max(0, last - (HEIGHT - BOTTOM))
    return {kind: place - over for kind, place in places.items()}


def write_readme(source, about, results):
    about = {**about, "under": _load_words(results)}
    readme = source / "README.md"
    text = readme.read_text("utf-8")
    drawn = plot(about, results)
    lines = table(about, results)
    if drawn:
        (source / "docs" / "speed.svg").write_text(drawn, "utf-8")
        lines += ["", "![Cost against stored cases](docs/speed.svg)"]
    begin, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    readme.write_text(text[:begin] + "\n" + "\n".join(lines) + "\n" + text[end:], "utf-8")


def _load_words(results):
    shares = [one["free_share"] for one in results if one.get("free_share") is not None]
    if not shares or min(shares) >= 0.85:
        return "nothing else was running"
    return (f"other work ran beside it: in the busiest round {min(shares):.0%} of the cores were "
            "free")
