"""How a table gets as narrow as its terminal."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from ampctl.output.fitting import Fitted, fit
from ampctl.output.layout import display_width, draw
from ampctl.output.screen import UNCUT, Look


def fit_texts(
    names: Sequence[str], rows: Sequence[Sequence[str]], width: int, *looks: Look
) -> Fitted:
    forms = [[(text,) for text in row] for row in rows]
    return fit(names, forms, looks or [Look()] * len(names), width)


def widths_of(fitted: Fitted) -> list[int]:
    return [max(map(display_width, column)) for column in zip(*fitted.rows, strict=True)]


def test_what_fits_keeps_its_width_and_a_wide_gap() -> None:
    fitted = fit_texts(["a", "b"], [["xx", "yyyy"]], 80)

    assert fitted == Fitted([0, 1], ["a", "b"], [("xx", "yyyy")], 2)


def test_the_widest_column_gives_first_down_to_its_longest_word() -> None:
    fitted = fit_texts(["a", "b", "c"], [["short", "three words here " * 3, "x"]], 20)

    assert fitted.gap == 1
    assert widths_of(fitted) == [5, 11, 1]


def test_fields_and_values_stay_apart_when_values_break() -> None:
    fitted = fit_texts(["field", "value"], [["name", "word " * 30]], 40, UNCUT, Look())

    assert fitted.gap == 2
    assert widths_of(fitted) == [4, 29]


def test_headers_and_then_forms_get_shorter_before_anything_is_cut() -> None:
    forms = [[("12",), ("worker-1",), ("16m ago", "16m")]]
    looks = (UNCUT, Look(gives_way=1, least=4), Look("made", gives_way=2, least=3))

    texts = {
        width: [" ".join(fitted.names), *map(" ".join, fitted.rows)]
        for width in (24, 23, 16, 15)
        for fitted in [fit(["id", "worker", "created_at"], forms, looks, width)]
    }

    assert texts[24] == ["id worker created_at", "12 worker-1 16m ago"]
    assert texts[23] == ["id worker created_at", "12 worker-1 16m ago"]
    assert texts[16] == ["id worker made", "12 worker-1 16m"]
    assert texts[15] == ["id worker made", "12 worker… 16m"]


def test_the_column_that_gives_way_first_is_cut_before_others() -> None:
    looks = (UNCUT, Look(gives_way=2, least=3), Look(gives_way=1, least=3))

    fitted = fit_texts(["id", "a", "b"], [["7", "abcdefgh", "abcdefgh"]], 16, *looks)

    assert fitted.rows == [("7", "abc…", "abcdefgh")]


def test_cells_whose_ends_tell_them_apart_are_cut_at_the_front() -> None:
    looks = (UNCUT, Look(least=8, keeps_end=True))

    fitted = fit_texts(["id", "worker"], [["1", "worker-eu-1"], ["2", "worker-eu-2"]], 12, *looks)

    assert fitted.rows == [("1", "…er-eu-1"), ("2", "…er-eu-2")]


def test_columns_without_room_are_left_out_and_the_first_one_stays() -> None:
    looks = (UNCUT, Look(gives_way=1, least=8), Look(gives_way=3, least=8), Look(least=8))
    row = ["1234567890", "one-two-three", "four-five-six", "seven-eight"]

    assert fit_texts("abcd", [row], 32, *looks).indexes == [0, 1, 3]
    assert fit_texts("abcd", [row], 20, *looks).indexes == [0, 3]
    assert fit_texts("abcd", [row], 5, *looks).indexes == [0]


def test_what_is_left_gets_its_full_form_back() -> None:
    forms = [[("7",), ("eth/blocks@0123abc", "blocks"), ("a long remark",)]]
    looks = (UNCUT, Look(least=6), Look(gives_way=1, least=13))

    assert fit("abc", forms, looks, 24).rows == [("7", "blocks", "a long remark")]
    assert fit("abc", forms, looks, 21).rows == [("7", "eth/blocks@0123abc")]


_TEXT = st.text(alphabet="ab /@-日", max_size=20)


@given(
    st.lists(st.lists(_TEXT, min_size=4, max_size=4), max_size=3),
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from([None, 3, 8])), min_size=4, max_size=4),
    st.integers(8, 60),
)
def test_no_table_is_wider_than_asked_for_unless_its_first_column_is(
    rows: list[list[str]], choices: list[tuple[int, int | None]], width: int
) -> None:
    looks = [Look("", gives_way, least) for gives_way, least in choices]
    fitted = fit_texts(["aa", "bb", "cc", "dd"], rows, width, *looks)

    lines = list(draw(fitted.names, fitted.rows, [False] * len(fitted.names), fitted.gap))

    assert max(map(display_width, lines)) <= width
