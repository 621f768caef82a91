"""The sentences of quiz rounds."""

from collections.abc import Iterable

from bot.core.content import Origin
from bot.core.hints import HIDDEN, hint, told_guesses
from bot.core.own import TITLE
from bot.core.round_events import Accept, Verdict, Why
from bot.core.rounds import Answer, EndReason, RoundPlan
from bot.runners.messenger import Recap
from bot.storage.catalogue import LoadedPack
from bot.ui.text import count, plain, shorten

LETTERS = "ABCD"
LONGEST_GUESS = 40
_MEDALS = {1: "🥇", 2: "🥈", 3: "🥉"}

ENDINGS = {
    EndReason.COMPLETED: "",
    EndReason.STOPPED: "It was stopped before its last question.",
    EndReason.UNANSWERED: "It ended early: three questions in a row went without an answer.",
    EndReason.DELETED: "It ended early: two questions in a row were deleted, so they count for nobody.",
    EndReason.NO_QUESTIONS: "It ended early: there are no more questions of that kind.",
    EndReason.NO_ACCESS: "It ended early: I may not write or edit messages here any more.",
    EndReason.CHANNEL_GONE: "It ended early: its channel is gone.",
    EndReason.THREAD_CLOSED: "It ended early: this thread was closed.",
    EndReason.OUTAGE: "It ended early: Discord could not be reached for ten minutes.",
    EndReason.AWAY: "It ended early: I was away for more than ten minutes. What was answered counts.",
    EndReason.REMOVED: "It ended early: I was removed from the server.",
    EndReason.FAULT: "It ended early because of a fault on my side. What was answered counts.",
}

TO_HOST = {
    EndReason.NO_ACCESS: "Your round in {channel} ended early: I may not write there any more. Ask whoever "
    "manages the channel to give me View Channel and Send Messages, then start a new one with `/quiz start`.",
    EndReason.CHANNEL_GONE: "Your round ended early: its channel is gone. Start a new one in another channel "
    "with `/quiz start`.",
    EndReason.THREAD_CLOSED: "Your round in {channel} ended early: that thread was closed. Open it again, or "
    "start a new one elsewhere with `/quiz start`.",
    EndReason.OUTAGE: "Your round in {channel} ended early: Discord could not be reached for ten minutes. "
    "Start a new one with `/quiz start`.",
}
UNSEEN = (
    "Your round in {channel} is over, and I could not show its result there. See whether I may send "
    "messages there before you start a new one with `/quiz start`."
)


def host_text(channel_id: int, reason: EndReason) -> str:
    """Tell a host privately how their round ended in trouble, and what to do."""
    return f"{TO_HOST.get(reason, UNSEEN).format(channel=f'<#{channel_id}>')} What was answered is kept."


def title_of(source: Origin, film: LoadedPack) -> str:
    """Return what a round is about."""
    match source:
        case Origin.FILM:
            return film.title
        case Origin.OURS:
            return TITLE
        case Origin.BOTH:
            return f"{film.title} and {TITLE}"


def seconds_text(took_ms: int) -> str:
    """Return a duration as people say it: '3.2 seconds'."""
    return f"{took_ms / 1000:.1f} seconds"


def verdict_text(verdict: Verdict, typed: str | None = None) -> str:
    """Tell a player about their answer, but not whether it is right, as others are still playing."""
    if isinstance(verdict, Accept):
        answer = verdict.answer
        what = f"“{plain(shorten(typed, 100))}”" if typed is not None else _letter(answer)
        after = seconds_text(answer.took_ms)
        streak = f" If so: {streak_text(verdict.before + 1, verdict.bonus)}." if verdict.before else ""
        reveal = "You will see whether it is right at the reveal."
        return f"Your answer is in: {what}, after {after}. {reveal}{streak}"
    letter = _letter(verdict.first)
    match verdict.why:
        case Why.ALREADY:
            yours = f"Yours, {letter}," if letter else "Yours"
            return f"You have answered already, and the first answer counts. {yours} is in."
        case Why.LATE:
            return "Time is up for this question."
        case Why.OVER:
            yours = f" Your answer{f' {letter}' if letter else ''} counts." if verdict.first else ""
            return f"This question is over.{yours}"
        case Why.NOT_YET:
            return "This question is not open yet. Please try again in a moment."


def recap_text(recap: Recap) -> str:
    """Tell a player how the last question went and how they stand, along with their next answer."""
    answer, what = recap.answer, f"Question {recap.position}"
    if answer is None:
        went = ""
    elif recap.is_void:
        went = f"{what} counts for nobody. "
    elif answer.correct:
        row = f", 🔥 {answer.streak} in a row" if answer.streak > 1 else ""
        went = f"{what}: ✅ right, {count(answer.points, 'point')}{row}. "
    else:
        went = f"{what}: ❌ wrong. "
    stand = f"place {recap.rank} with {count(recap.points, 'point')}" if recap.points else "no points yet"
    return f"{went}So far: {stand}."


def plan_text(plan: RoundPlan, pack: LoadedPack) -> str:
    """Return what a round is like: '10 questions · 20 seconds each · about Music · all hard'."""
    seconds = (
        f"{count(plan.seconds, 'second')}{' each' if plan.questions > 1 else ''}" if plan.seconds else ""
    )
    parts = [count(plan.questions, "question"), seconds or "no time limit"]
    if plan.topic:
        parts.append(f"about {plain(pack.topic(plan.topic).name)}")
    if plan.difficulty:
        parts.append(f"all {plan.difficulty}")
    if plan.typed:
        parts.append("answers are typed")
    if plan.source is not Origin.FILM:
        whose = TITLE if plan.source is Origin.OURS else f"the film and {TITLE}"
        parts.append(f"from {whose}")
    return " · ".join(parts)


def available_text(number: int, plan: RoundPlan, pack: LoadedPack) -> str:
    """Return how many questions there are for such a round: 'there are 7 hard ones about Music'."""
    nothing = "no" if plan.difficulty else "none"
    what = [f"{number:,}" if number else nothing]
    if plan.difficulty:
        what += [plan.difficulty, "one" if number == 1 else "ones"]
    if plan.topic:
        what += ["about", plain(pack.topic(plan.topic).name)]
    if plan.typed:
        what.append("to type")
    if number and len(what) == 1:
        what.append("in all")
    return f"there {'is' if number == 1 else 'are'} {' '.join(what)}"


def hint_text(answer: str) -> str:
    """Return the hint for a typed answer: the first letters, and how long the words are."""
    shape = hint(answer)
    lengths = [sum(sign.isalnum() or sign == HIDDEN for sign in word) for word in shape.split()]
    noun = "character" if any(sign.isdigit() for sign in answer) else "letter"
    plural = "" if lengths == [1] else "s"
    return f"**{plain(shape)}** ({', '.join(str(length) for length in lengths if length)} {noun}{plural})"


def guess_texts(texts: Iterable[str]) -> list[str]:
    """Return some of the wrong answers that people typed: '“Mia” (2 players)'."""
    return [
        f"“{plain(shorten(words, LONGEST_GUESS))}”{f' ({times} players)' if times > 1 else ''}"
        for words, times in told_guesses(texts)
    ]


def place_text(rank: int, points: int, plain_rank: str) -> str:
    """Return the medal of a place, or `plain_rank` if it has none; nobody wins one without points."""
    return _MEDALS.get(rank, plain_rank) if points else plain_rank


def nobody_text(asked_count: int, *, answered: bool) -> str:
    """Say why a round has no players; `answered` says that there were answers, which do not count."""
    if answered:
        which = (
            "The question that was answered does"
            if asked_count == 1
            else "The questions that were answered do"
        )
        return f"{which} not count, so there are no points."
    return "Nobody answered this time." if asked_count else "No question was asked."


def streak_text(length: int, bonus: int) -> str:
    """Return how many right answers in a row there are, with the bonus for them, if any."""
    return f"🔥 {length:,} in a row{f' +{bonus:,}' if bonus else ''}"


def _letter(answer: Answer | None) -> str:
    return f"**{LETTERS[answer.choice]}**" if answer and answer.choice is not None else ""
