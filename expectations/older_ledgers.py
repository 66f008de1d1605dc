"""What checks found, of older ledgers only: rows that have a sentence where newer ones have a code and facts.

Nothing is added here: what is found today is said by `expectations.words`.
"""

from __future__ import annotations

# A whole sentence as a pattern of RE2, and in Chinese. What fits none stays as it is: a bare number, or the
# words of a version that is older still.
_SENTENCES = (
    (
        r"([\d,]+) of ([\d,]+) rows \(([\d.]+%)\), at most ([\d.]+%) allowed",
        r"\2 行中有 \1 行（\3），最多允许 \4",
    ),
    (r"([\d,]+) rows, too few to judge", r"\1 行，太少，不作判断"),
    (r"([\d,]+) rows", r"\1 行"),
    (r"([\d,]+) distinct values", r"\1 个不同的值"),
    (r"([\d,]+) business dates in ([\d,]+) tables", r"\2 张表中有 \1 个业务日期"),
    (r"([\d,]+) values in (.*) and more", r"\2 等列中有 \1 个值"),
    (r"([\d,]+) values in (.*)", r"\2 中有 \1 个值"),
    (r"table (.*) is not in this delivery", r"本次交付中没有数据表 \1"),
    (r"column missing: (.*)", r"缺少列：\1"),
    (r"column or table missing: (.*)", r"缺少列或数据表：\1"),
    (r"no row to judge", "没有可判断的行"),
    (r"no value", "没有值"),
    (r"no number", "不是数字"),
    (r"none found", "未发现"),
    (r"a column has the wrong type", "列的类型不对"),
    (r"could not be evaluated", "无法判断"),
    (r"table missing", "缺少数据表"),
    (r"the tables of names are missing", "缺少姓名表"),
)
# Parts of a sentence, of which there can be several.
_PARTS = tuple(
    (rf"\b{code} ([\d,]+) against ([\d,]+) cadres", rf"{label} \1（干部合计 \2）")
    for code, label in {"due": "应训", "red": "红灯", "yellow": "黄灯", "green": "绿灯"}.items()
)


def observed_zh_sql(column: str) -> str:
    """DuckDB's SQL that puts a sentence of what was observed, in a column of text, into Chinese."""
    sql = column
    for pattern, words in (*((f"^{pattern}$", words) for pattern, words in _SENTENCES), *_PARTS):
        sql = f"regexp_replace({sql}, '{pattern}', '{words}', 'g')"
    return sql


def first_rows_sql(column: str) -> str:
    """DuckDB's SQL for the rows that a message, in a column of text, ends with; null: it names none."""
    return rf"nullif(regexp_extract({column}, '; first rows: (.*)\)\.$', 1), '')"
