"""Training: a model made better on one's own texts, and what was held out says whether it is."""

from embedlab.training import Training
from embedlab.ui.choices import Selection, address
from embedlab.ui.frame import run_page
from embedlab.ui.training import Lesson
from embedlab.ui.views.training import changes, choosing, keeping, learning, running, showing


def show(selection: Selection) -> None:
    keeping.say_kept(selection)
    lesson = choosing.choose(selection, learning.choose(selection))
    if lesson is not None and (done := running.run(lesson)) is not None:
        show_result(selection, lesson, done)


def show_result(selection: Selection, lesson: Lesson, done: Training) -> None:
    found = showing.judge(lesson, done)
    keeping.offer(lesson, done, found)
    has_labels = ["Confusion"] if lesson.held_out.kind == "labels" else []
    views = ["Figures", "Map", "Neighbours", *has_labels, "Course", "Program"]
    view = address.switch("view", "View", views, label_visibility="collapsed")
    if view == "Figures":
        showing.show_figures(found)
    elif view == "Map":
        changes.show_maps(lesson, found)
    elif view == "Neighbours":
        changes.show_moved(lesson, found)
    elif view == "Confusion":
        changes.show_confusions(lesson, found)
    elif view == "Course":
        running.show_course(running.course_of(done), measure=done.measure)
    else:
        keeping.offer_program(selection, lesson, done)


run_page("Training", show)
