"""The charts over the list: four tiles, each with a number and bars that can be asked one by one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from proxycast.desktop import fonts
from proxycast.desktop.pages.activity.chart_words import ChartWords
from proxycast.desktop.pages.activity.summary import SERIES, Measure, Series, Summary
from proxycast.desktop.theme import Theme
from proxycast.desktop.tokens import Radius, Space, Type

_HEIGHT, _TALLEST = 118, 176
_SHARE = 6
"""A tile is as high as the sixth part of the page, between these two."""
_TOP, _BOTTOM = 56, 22
"""Where the bars begin under the upper edge, and end over the lower one."""
_LEAST_BAR = 2.0
"""Height of what is not nothing."""
_GAP = 0.25
"""Of the room of a bar."""
_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
_LINE = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


def ink_of(theme: Theme, position: int, series: Series) -> QColor:
    """The colour of a part of a chart."""
    last = SERIES if series.is_rest else position
    return QColor(theme.colours.series[min(last, SERIES)])


class Tile(QWidget):
    """A number and its bars. Mouse and arrow keys go from bar to bar."""

    def __init__(self, theme: Theme, words: ChartWords, summary: Summary) -> None:
        super().__init__()
        self._theme = theme
        self._words = words
        self._slot: int | None = None
        self.summary = summary
        self._caption = fonts.interface(Type.CAPTION)
        self._number = fonts.numbers(Type.TITLE + 4, QFont.Weight.DemiBold)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        theme.changed.connect(self.update)

    def fit(self, page: int) -> None:
        """Take the height that is right on a page of this height."""
        self.setFixedHeight(min(max(page // _SHARE, _HEIGHT), _TALLEST))

    def show_summary(self, summary: Summary) -> None:
        """Show other sums."""
        if summary.span is not self.summary.span:
            self._slot = None
        self.summary = summary
        self._describe()
        self.update()

    # What a kind of tile is.

    def title(self) -> str:
        """What is counted."""
        raise NotImplementedError

    def value(self, slot: int | None) -> tuple[str, str]:
        """The number of one bar or of all, and a remark beside it."""
        raise NotImplementedError

    def lines(self, slot: int | None) -> list[str]:
        """The parts of one bar or of all, in words."""
        raise NotImplementedError

    def parts(self, slot: int) -> list[tuple[QColor, float]]:
        """The parts of a bar from the ground up: colour and height."""
        raise NotImplementedError

    def highest(self) -> float:
        """The height of the highest bar."""
        slots = range(self.summary.slots)
        return max((sum(height for _, height in self.parts(slot)) for slot in slots), default=0.0)

    # Qt.

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(180, _HEIGHT)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(120, _HEIGHT)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        area, slots = self._area(), self.summary.slots
        if not slots:
            return
        place = int((event.position().x() - area.left()) / area.width() * slots)
        self._go_to(min(max(place, 0), slots - 1), event.globalPosition().toPoint())

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        super().leaveEvent(event)
        self._go_to(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusOutEvent(event)
        self._go_to(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        slots = self.summary.slots
        if step is None or not slots:
            super().keyPressEvent(event)
            return
        here = self._slot if self._slot is not None else slots if step < 0 else -1
        slot = min(max(here + step, 0), slots - 1)
        area = self._area()
        middle = QPoint(round(area.left() + (slot + 0.5) * area.width() / slots), self.height())
        self._go_to(slot, self.mapToGlobal(middle))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter)
        self._head(painter)
        self._bars(painter)
        self._foot(painter)
        painter.end()

    def _ground(self, painter: QPainter) -> None:
        width = 2.0 if self.hasFocus() else 1.0
        painter.setPen(QPen(self._theme.colour("accent" if self.hasFocus() else "line"), width))
        painter.setBrush(self._theme.colour("card"))
        card = QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2)
        painter.drawRoundedRect(card, Radius.CARD, Radius.CARD)

    def _head(self, painter: QPainter) -> None:
        room = QRectF(self.rect()).adjusted(Space.L, 10, -Space.L, 0)
        caption = self.title() if self._slot is None else self._words.span(self.summary, self._slot)
        metrics = QFontMetrics(self._caption)
        painter.setFont(self._caption)
        painter.setPen(self._theme.colour("quiet"))
        shown = metrics.elidedText(caption, Qt.TextElideMode.ElideRight, round(room.width()))
        painter.drawText(QRectF(room.left(), room.top(), room.width(), 16), _LEFT | _LINE, shown)
        number, remark = self.value(self._slot)
        painter.setFont(self._number)
        painter.setPen(self._theme.colour("text"))
        place = QRectF(room.left(), room.top() + 18, room.width(), 24)
        painter.drawText(place, _LEFT | _LINE, number)
        place.setLeft(place.left() + QFontMetrics(self._number).horizontalAdvance(number) + Space.S)
        painter.setFont(self._caption)
        painter.setPen(self._theme.colour("quiet"))
        if metrics.horizontalAdvance(remark) <= place.width():
            painter.drawText(place.adjusted(0, 3, 0, 0), _LEFT | _LINE, remark)

    def _bars(self, painter: QPainter) -> None:
        area, highest, slots = self._area(), self.highest(), self.summary.slots
        painter.setPen(QPen(self._theme.colour("line"), 1))
        ground = round(area.bottom()) + 0.5
        painter.drawLine(QPointF(area.left(), ground), QPointF(area.right(), ground))
        if not slots or not highest:
            return
        room = area.width() / slots
        painter.setPen(Qt.PenStyle.NoPen)
        for slot in range(slots):
            left = area.left() + slot * room
            if slot == self._slot:
                painter.setBrush(self._theme.colour("hover"))
                painter.drawRect(QRectF(left, area.top(), room, area.height()))
            foot = area.bottom()
            for colour, height in self.parts(slot):
                tall = max(_LEAST_BAR, height / highest * area.height()) if height else 0.0
                painter.setBrush(colour)
                painter.drawRect(QRectF(left + room * _GAP / 2, foot - tall, room * (1 - _GAP), tall))
                foot -= tall

    def _foot(self, painter: QPainter) -> None:
        if not self.summary.slots:
            return
        painter.setFont(self._caption)
        painter.setPen(self._theme.colour("quiet"))
        place = QRectF(self.rect()).adjusted(Space.L, self.height() - _BOTTOM, -Space.L, -4)
        painter.drawText(place, _LEFT | _LINE, self._words.start(self.summary, 0))
        painter.drawText(place, _RIGHT | _LINE, self._words.now)

    def _area(self) -> QRectF:
        return QRectF(self.rect()).adjusted(Space.L, _TOP, -Space.L, -_BOTTOM)

    def _go_to(self, slot: int | None, where: QPoint | None = None) -> None:
        if slot == self._slot:
            return
        self._slot = slot
        self._describe()
        self.update()
        lines = [] if slot is None else self.lines(slot)
        if where is not None and lines:
            QToolTip.showText(where, "\n".join([self._words.span(self.summary, slot or 0), *lines]), self)
        else:
            QToolTip.hideText()

    def _describe(self) -> None:
        """Tell screen readers what is shown."""
        span = "" if self._slot is None else self._words.span(self.summary, self._slot)
        self.setAccessibleName(self.title())
        parts = [span, *self.value(self._slot), *self.lines(self._slot)]
        self.setAccessibleDescription(", ".join(part for part in parts if part))
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))


class CountTile(Tile):
    """Counts something by credential."""

    def __init__(self, theme: Theme, words: ChartWords, summary: Summary, measure: Measure) -> None:
        super().__init__(theme, words, summary)
        self.measure = measure
        self._describe()

    def title(self) -> str:
        return self._words.titles[self.measure]

    def value(self, slot: int | None) -> tuple[str, str]:
        count = self.summary.total(self.measure, slot)
        whole = self.summary.total(Measure.REQUESTS, slot)
        remark = self._words.share(count, whole) if self.measure is Measure.ERRORS and whole else ""
        return self._words.count(self.measure, count), remark

    def lines(self, slot: int | None) -> list[str]:
        return self._words.parts(self.summary, self.measure, slot)

    def parts(self, slot: int) -> list[tuple[QColor, float]]:
        return [
            (ink_of(self._theme, position, one), float(one.values[self.measure][slot]))
            for position, one in enumerate(self.summary.series)
        ]


class LatencyTile(Tile):
    """How soon answers begin: half of them in the dark part of a bar, 95 % in all of it."""

    def __init__(self, theme: Theme, words: ChartWords, summary: Summary) -> None:
        super().__init__(theme, words, summary)
        self._describe()

    def title(self) -> str:
        return self._words.first_byte

    def value(self, slot: int | None) -> tuple[str, str]:
        return self._words.typical(self.summary, slot)

    def lines(self, slot: int | None) -> list[str]:
        return self._words.latency(self.summary, slot)

    def parts(self, slot: int) -> list[tuple[QColor, float]]:
        latency = self.summary.latencies.get(slot)
        if latency is None:
            return []
        colour = self._theme.colour
        return [(colour("quiet"), latency.typical), (colour("pressed"), latency.slow - latency.typical)]


class Legend(QWidget):
    """Which colour is which credential, on one line."""

    def __init__(self, theme: Theme, words: ChartWords, summary: Summary) -> None:
        super().__init__()
        self._theme = theme
        self._words = words
        self._summary = summary
        self.setFont(fonts.interface(Type.CAPTION))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_summary(self, summary: Summary) -> None:
        """Show the credentials of other sums."""
        self._summary = summary
        self.setToolTip("\n".join(self._words.name(one) for one in summary.series))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(200, 20)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(40, 20)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        series = self._summary.series
        if not series:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = QFontMetrics(self.font())
        fair = self.width() // len(series) - 14 - Space.L
        left = 0
        for position, one in enumerate(series):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink_of(self._theme, position, one))
            painter.drawRoundedRect(QRectF(left, self.height() / 2 - 4, 8, 8), 2, 2)
            text = metrics.elidedText(self._words.name(one), Qt.TextElideMode.ElideRight, max(fair, 24))
            painter.setPen(self._theme.colour("quiet"))
            wide = metrics.horizontalAdvance(text)
            painter.drawText(QRectF(left + 14, 0, wide + 1, self.height()), _LEFT | _LINE, text)
            left += 14 + wide + Space.L
        painter.end()
