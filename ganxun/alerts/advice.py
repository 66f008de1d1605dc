"""What to do, in order, with the very commands: the part of a message that somebody acts on before coffee."""

from __future__ import annotations

from ganxun.alerts.commands import Commands
from ganxun.alerts.facts import NightFacts, SourceGap
from ganxun.alerts.message import Section
from ganxun.alerts.sections import MOST_FILES, has_gaps_to_tell, list_held, list_workbooks
from ganxun.alerts.wording import ADVICE, Lang, Words, explain_fault, join_names, name_source


def write_advice(facts: NightFacts, commands: Commands, lang: Lang) -> Section:
    """The failure of the night first, then each source; one command for all of it comes last."""
    lines: list[Words] = []
    gaps = facts.gaps if has_gaps_to_tell(facts) else ()
    shown = [commands.accept(fault.path) for gap in gaps for fault in list_held(gap)[:MOST_FILES]]
    for gap in gaps:
        lines += _advise_about_files(gap)
    absent = [name_source(gap.source) for gap in gaps if _is_absent(gap)]
    if absent:
        names = join_names(absent)
        lines.append(
            Words(f"请联系{names.zh}的管理员补送导出文件。", f"Ask the owner of {names.en} for the export.")
        )
    for fault in list_workbooks(facts)[:MOST_FILES]:
        if advice := explain_fault(fault.status, fault.code)[1]:
            lines.append(Words(f"补录工作簿：{advice.zh}。", f"Workbook: {advice.en}."))
    if facts.failure is not None:
        lines.append(ADVICE.get(facts.failure.code, ADVICE[""]))
        shown += commands.mend(facts.failure.code)
    elif any(list_held(gap) for gap in gaps):
        lines.append(Words("放行之后运行（可以重复运行）：", "When accepted, run this (safe to repeat):"))
        shown.append(commands.run())
    else:
        lines.append(
            Words(
                "文件补到后，下一夜会自动补上；想今天就看到，运行（可以重复运行）：",
                "The next night takes in what has come by then. To have it today, run this (safe to repeat):",
            )
        )
        shown.append(commands.run())
    different = [line[lang] for line in dict.fromkeys(lines)]
    if len(different) > 1:
        different = [f"{number}. {line}" for number, line in enumerate(different, 1)]
    title = Words("怎么办", "What to do")[lang]
    return Section(title, tuple(different), tuple(dict.fromkeys(shown)))


def _advise_about_files(gap: SourceGap) -> list[Words]:
    source = name_source(gap.source)
    lines = []
    if list_held(gap):
        lines.append(
            Words(
                f"请核对{source.zh}的数量：属实就放行（accept 命令，写明理由），不属实就请对方重新导出。",
                f"Check the numbers of {source.en}. If true, accept with a reason; else have it resent.",
            )
        )
    for fault in gap.faults:
        if advice := explain_fault(fault.status, fault.code)[1]:
            lines.append(Words(f"{source.zh}：{advice.zh}。", f"{source.en}: {advice.en}."))
    return lines


def _is_absent(gap: SourceGap) -> bool:
    return not gap.faults and not gap.has_arrived and gap.failure is None
