"""The words of a message, Chinese and English, each pair in one place.

Words of files, sources and entities are those of the seeds that the dashboards use (fault_text.csv,
code_label.csv), read as they are: a new fault needs its words once.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Literal

from connectors.falls import Fall
from ganxun.settings import PROJECT_ROOT
from words.codes import name_code

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, Lang] = ("zh", "en")
SEEDS = PROJECT_ROOT / "dbt_project" / "seeds"


@dataclass(frozen=True)
class Words:
    """One thing in both languages."""

    zh: str
    en: str

    def __getitem__(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en


FAILURES = {
    "busy": Words("另一次处理正在进行", "another run was at work"),
    "no_people": Words(
        "没有可用的干部管理系统数据，无从计算", "there is no readable export of the cadre system to build on"
    ),
    "disk_full": Words("磁盘已满", "the disk is full"),
    "read_only": Words("数据目录不可写（只读）", "the data folder cannot be written (read-only)"),
    "memory": Words("内存不足", "it ran out of memory"),
    "drop": Words("交换目录打不开", "the drop could not be opened"),
    "publish": Words("新文件未通过发布前核验", "the new files did not verify"),
    "decisions": Words("身份认定表（identity_decision.csv）有误", "identity_decision.csv has a mistake"),
    "quarantine_decisions": Words(
        "隔离数据的处理决定读不出来", "a decision about quarantined rows cannot be read"
    ),
    "model": Words("计算规则的校验未通过", "models or their tests failed"),
    "dbt": Words("计算程序没能启动", "dbt could not start"),
    "checks": Words("数据质量检查未通过", "the figures failed their checks"),
    "timeout": Words("超过时限被终止", "it took too long and was ended"),
    "killed": Words(
        "处理中途被强行终止（断电、内存不足或有人结束了进程）",
        "it was killed half-way (power, memory, or somebody ended it)",
    ),
    "running": Words("还在处理中", "it is still being built"),
    "never_started": Words("处理没有开始", "the build never started"),
    "rolled_back": Words(
        "发布之后又换回了较早的版本（有人回滚，或手工发布了旧日期）",
        "it was published, and then an older version was put back (a rollback, or an old date run by hand)",
    ),
    "unexpected": Words("程序出错", "an unexpected error"),
}

# What is missing from the figures while a source is; missing hours never make a light better.
EFFECTS = {
    "cadre": Words("人员、单位、职务的变动还没有反映", "changes of people, units and posts are not in yet"),
    "academic": Words(
        "这些天的脱产培训没有计入，有的灯可能比实际差",
        "off-job training of these days is not counted: some lights may look worse than they are",
    ),
    "academy": Words(
        "这些天的网络学习没有计入，有的灯可能比实际差",
        "online learning of these days is not counted: some lights may look worse than they are",
    ),
    "mobile": Words(
        "这些天的移动学习没有计入，有的灯可能比实际差",
        "mobile learning of these days is not counted: some lights may look worse than they are",
    ),
}

ADVICE = {
    "busy": Words("等另一次处理结束，再运行：", "When the other run has ended, run:"),
    "no_people": Words(
        "请干部管理系统重新导出，文件到位后运行：",
        "Have the cadre system exported again; when the file is there, run:",
    ),
    "disk_full": Words("先腾出磁盘空间，再运行：", "Make room on the disk, then run:"),
    "read_only": Words("先恢复数据目录的写权限，再运行：", "Make the data folder writable again, then run:"),
    "memory": Words(
        "释放内存或调高 GANXUN_MEMORY_LIMIT，再运行：",
        "Free memory or raise GANXUN_MEMORY_LIMIT, then run:",
    ),
    "decisions": Words("改正所指的行，再运行：", "Correct the row that is named, then run:"),
    "quarantine_decisions": Words(
        "从备份恢复 decisions/quarantine，再运行：",
        "Bring decisions/quarantine back from the backup, then run:",
    ),
    "model": Words(
        "按名称查日志，改正来源数据或规则表，再运行：",
        "Look the names up in the log, correct the source or the rules, then run:",
    ),
    "checks": Words(
        "用下面第一条命令看未通过的检查；改正来源数据或规则表后，运行第二条：",
        "The first command shows the failed checks; correct the source or the rules, then run the second:",
    ),
    "running": Words(
        "先不用做什么：发布之后会再来一封。超过两小时仍未发布，再看 Airflow 日志。",
        "Nothing yet: one more message comes when it is published. After two hours, look at Airflow's log.",
    ),
    "never_started": Words(
        "看 Airflow 是否在运行（第一条命令会把没有运行的启动起来）；也可以直接运行第二条：",
        "See whether Airflow runs (the first command starts what does not), or run the second at once:",
    ),
    "rolled_back": Words(
        "如果不是有意的，用下面的命令查看版本，再发布想要的那个：",
        "If nobody meant it, list the versions and publish the one that is wanted:",
    ),
    "": Words("看日志找原因，处理后运行：", "Look into the log for the cause; when it is mended, run:"),
}


def describe_day(day: date, today: date, lang: Lang) -> str:
    """A day as people say it: 6月30日, 30 June; with its year where that is not this one."""
    if lang == "zh":
        return f"{f'{day.year}年' if day.year != today.year else ''}{day.month}月{day.day}日"
    return f"{day.day} {day:%B}{f' {day.year}' if day.year != today.year else ''}"


def describe_time(at: datetime, now: datetime, lang: Lang) -> str:
    """An hour, with its day where that is not today."""
    clock = f"{at:%H:%M}"
    if at.date() == now.date():
        return clock
    day = describe_day(at.date(), now.date(), lang)
    return f"{day} {clock}" if lang == "zh" else f"{clock} on {day}"


def join_names(names: list[Words]) -> Words:
    """Names in a row: A, B and C."""
    english = [name.en for name in names]
    first, last = ", ".join(english[:-1]), english[-1]
    return Words("、".join(name.zh for name in names), f"{first} and {last}" if first else last)


def count_days(days: int) -> str:
    """Days in English: 1 day, 2 days."""
    return f"{days} day{'' if days == 1 else 's'}"


def name_source(source: str) -> Words:
    """A source as the dashboards call it."""
    return Words(**name_code("source", source))


@cache
def _read_faults() -> dict[str, tuple[Words, Words]]:
    with (SEEDS / "fault_text.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: (Words(row["text_zh"], row["text_en"]), Words(row["advice_zh"], row["advice_en"]))
            for row in csv.DictReader(file)
        }


def explain_fault(status: str, code: str | None) -> tuple[Words, Words | None]:
    """What a file's fault is, and what to ask for; of a held file `describe_fall` has the numbers."""
    if code in _read_faults():
        text, advice = _read_faults()[code]
        # What to do about a held file comes with its command.
        return text, None if status == "held" else advice
    if code == "checks_failed":  # a dashboard names the checks instead
        return Words("内容检查未通过", "Its content failed the checks"), Words(
            "请来源系统核对导出程序", "Have the system's export checked"
        )
    return Words("文件无法读取", "The file could not be read"), None


def describe_fall(fall: Fall) -> Words:
    """The numbers of one entity of a held file."""
    entity = Words(**name_code("entity", fall.entity))
    nights, before = fall.nights_before, f"{fall.rows_before:,}"
    usual_zh = "上一次" if nights == 1 else f"前 {nights} 夜中位数"
    usual_en = "before:" if nights == 1 else f"the median of {nights} nights was"
    return Words(
        f"{entity.zh}只有 {fall.rows_now:,} 行，{usual_zh} {before} 行，"
        f"少了 {fall.share:.1%}（限 {fall.limit:.0%}）",
        f"{entity.en}: {fall.rows_now:,} rows, {usual_en} {before}, "
        f"down {fall.share:.1%} (limit {fall.limit:.0%})",
    )
