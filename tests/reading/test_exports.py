"""What survey tools, help desks, shops, labelling tools and corpora write: six comments, each whole in its column."""

import csv
import io
import json

import pytest

from embedlab.columns import guess_text_column
from embedlab.reading import read_table

COMMENTS = [
    "The parcel never came and nobody answers my calls.",
    "Great lamp, works well for my desk.",
    "Why was I charged twice this month?",
    "The app crashes when I open the settings page.",
    "Please cancel my subscription, I moved abroad.",
    "Delivery was fast but the box was damaged.",
]


def table(names, row, *, sep=",", encoding="utf-8", end=()):
    """Rows of names, a row for each comment by its number and text, and lines below, all in quotes."""
    stream = io.StringIO()
    rows = [*names, *(row(i, text) for i, text in enumerate(COMMENTS)), *end]
    csv.writer(stream, delimiter=sep, quoting=csv.QUOTE_ALL).writerows(rows)
    return stream.getvalue().encode(encoding)


def lines(record):
    return "\n".join(json.dumps(each) for each in records(record)).encode()


def records(record):
    return [record(i, text) for i, text in enumerate(COMMENTS)]


def whole(value):
    return json.dumps(value).encode()


SURVEYS = {
    "Qualtrics": (
        table(
            [
                ["StartDate", "Status", "ResponseId", "Q1", "Q2_TEXT"],
                ["Start Date", "Response Type", "Response ID", "How likely are you to recommend us?", "Why?"],
                [f'{{"ImportId":"{name}"}}' for name in ("startDate", "status", "_recordId", "QID1", "QID2_TEXT")],
            ],
            lambda i, text: [f"2024-01-0{i + 1} 10:00:00", "IP Address", f"R_{i}", i + 3, text],
        ),
        "Q2_TEXT – Why?",
    ),
    "Qualtrics of old": (
        table(
            [["V1", "V8", "Q1", "Q2"], ["ResponseID", "StartDate", "How satisfied are you?", "Please explain"]],
            lambda i, text: [f"R_{i}", f"2014-01-0{i + 1}", "4", text],
        ),
        "Q2 – Please explain",
    ),
    "SurveyMonkey": (
        table(
            [
                ["Respondent ID", "How satisfied are you?", "What could we do better?", "Which did you use?", ""],
                ["", "Response", "Open-Ended Response", "Phone", "E-mail"],
            ],
            lambda i, text: [118000000 + i, "Very satisfied", text, "Phone", ""],
        ),
        "What could we do better?",
    ),
    "Google Forms": (
        table(
            [["Timestamp", "How was it? [Delivery]", "What should we improve? Please write as much as you like."]],
            lambda i, text: [f"2024/01/0{i + 1} 10:00:00 AM GMT+1", "4", text],
        ),
        "What should we improve? Please write as much as you like.",
    ),
    "Typeform": (
        table(
            [["#", "How did you hear about us?", "Tell us more about your experience", "Start Date (UTC)"]],
            lambda i, text: [f"{i:032x}", "Friends", text, "2024-01-01 10:00:00"],
        ),
        "Tell us more about your experience",
    ),
    "LimeSurvey": (
        table(
            [["id. Response ID", "startlanguage. Start language", "Q00. How was it?", "Q01[other]. Which? [Other]"]],
            lambda i, text: [i + 1, "en", text, ""],
            sep=";",
        ),
        "Q00. How was it?",
    ),
    "SoSci Survey": (
        table(
            [
                ["CASE", "QUESTNNR", "STARTED", "A101_01"],
                ["Interview-Nummer (fortlaufend)", "Fragebogen", "Beginn des Interviews", "Freitext: Was gefiel?"],
            ],
            lambda i, text: [i + 20, "base", "2024-01-01 10:00:00", text],
            sep="\t",
            encoding="utf-16",
        ),
        "A101_01 – Freitext: Was gefiel?",
    ),
    "KoboToolbox": (
        table(
            [["start", "group/What happened?", "group/Where?", "_id", "_uuid"]],
            lambda i, text: ["2024-01-01T10:00:00.000+01:00", text, "Berlin", 1000 + i, f"0a1b2c3d-{i:04}"],
            sep=";",
        ),
        "group/What happened?",
    ),
}
DESKS = {
    "Zendesk": (
        whole(
            {
                "tickets": records(lambda i, text: {"id": i, "subject": f"Problem {i}", "description": text}),
                "next_page": None,
                "count": 6,
            }
        ),
        "description",
    ),
    "Intercom": (
        whole(
            {
                "type": "conversation.list",
                "conversations": records(
                    lambda i, text: {"id": str(i), "source": {"body": f"<p>{text}</p>", "author": {"type": "user"}}}
                ),
            }
        ),
        "source.body",
    ),
    "Jira": (
        table(
            [["Summary", "Issue key", "Created", "Description", "Comment", "Comment"]],
            lambda i, text: [f"Sum {i}", f"AB-{i}", "01/Jan/24 10:00 AM", text, "01/Jan/24;kim;seen", ""],
        ),
        "Description",
    ),
    "ServiceNow": (
        table(
            [["number", "opened_at", "short_description", "description", "comments_and_work_notes"]],
            lambda i, text: [f"INC{i:07}", "2024-01-01 10:00:00", f"short {i}", text, "2024-01-01 - Kim\nchecked"],
        ),
        "description",
    ),
    "Salesforce": (
        table(
            [["Case Number", "Subject", "Description"]],
            lambda i, text: [f"{i:08}", f"S{i}", text],
            end=[["", "", ""], ["Generated By: Kim Lee  1/1/2024", "", ""], ["Copyright (c) 2024", "", ""]],
        ),
        "Description",
    ),
    "GitHub": (
        whole(records(lambda i, text: {"id": i, "title": f"T {i}", "labels": [{"name": "bug"}], "body": text})),
        "body",
    ),
    "Trello": (
        whole(
            {
                "name": "Board",
                "cards": records(lambda i, text: {"id": f"c{i}", "name": f"Card {i}", "desc": text}),
                "lists": [{"id": "l1", "name": "Todo"}],
            }
        ),
        "desc",
    ),
    "Google Play": (
        table(
            [["Package Name", "Device", "Star Rating", "Review Title", "Review Text", "Developer Reply Text"]],
            lambda i, text: ["com.x.y", "starlte", i % 5 + 1, "", text, ""],
            encoding="utf-16",
        ),
        "Review Text",
    ),
    "Amazon": (
        lines(lambda i, text: {"reviewerID": f"A{i}", "reviewText": text, "overall": 5.0, "summary": "Good"}),
        "reviewText",
    ),
    "YouTube": (
        whole(
            {
                "kind": "youtube#commentThreadListResponse",
                "items": records(
                    lambda i, text: {"id": str(i), "snippet": {"topLevelComment": {"snippet": {"textOriginal": text}}}}
                ),
            }
        ),
        "snippet.topLevelComment.snippet.textOriginal",
    ),
    "Reddit": (
        whole(
            {
                "kind": "Listing",
                "data": {"children": records(lambda i, text: {"kind": "t1", "data": {"id": f"c{i}", "body": text}})},
            }
        ),
        "data.body",
    ),
}
LABELLED = {
    "Label Studio": (
        whole(
            records(
                lambda i, text: {
                    "id": i,
                    "annotations": [{"result": [{"value": {"choices": ["shipping"]}}], "was_cancelled": False}],
                    "data": {"text": text, "src": "web"},
                }
            )
        ),
        "data.text",
    ),
    "doccano": (lines(lambda i, text: {"id": i, "text": text, "label": [[0, 3, "ORG"]], "Comments": []}), "text"),
    "Prodigy": (
        lines(lambda i, text: {"text": text, "options": [{"id": "A", "text": "A"}], "accept": ["A"], "_task_hash": i}),
        "text",
    ),
    "Argilla": (
        whole(records(lambda i, text: {"id": str(i), "fields": {"text": text, "title": "x"}, "status": "completed"})),
        "fields.text",
    ),
    "SageMaker Ground Truth": (
        lines(lambda i, text: {"source": text, "label-job": 1, "label-job-metadata": {"class-name": "pos"}}),
        "source",
    ),
    "LUIS": (
        whole(
            {
                "intents": [{"name": "Order"}],
                "utterances": records(lambda i, text: {"text": text, "intent": "Order", "entities": []}),
            }
        ),
        "text",
    ),
    "Hugging Face, by its server": (
        whole(
            {
                "features": [{"name": "text", "type": {"dtype": "string"}}],
                "rows": records(lambda i, text: {"row_idx": i, "row": {"text": text}, "truncated_cells": []}),
            }
        ),
        "row.text",
    ),
    "BEIR": (lines(lambda i, text: {"_id": f"d{i}", "title": "", "text": text, "metadata": {}}), "text"),
    "Elasticsearch": (
        lines(lambda i, text: {"_index": "a", "_id": str(i), "_source": {"message": text, "host": {"name": "h"}}}),
        "_source.message",
    ),
    "MongoDB": (
        lines(lambda i, text: {"_id": {"$oid": f"{i:024x}"}, "body": text, "at": {"$date": "2024-01-01T10:00:00Z"}}),
        "body",
    ),
}


@pytest.mark.parametrize(
    ("content", "column"), (SURVEYS | DESKS | LABELLED).values(), ids=(SURVEYS | DESKS | LABELLED).keys()
)
def test_the_comments_are_found(content, column):
    frame = read_table(content, name="export.json" if content[:1] in b"[{" else "export.csv").frame
    assert guess_text_column(frame).column == column
    assert [cell.removeprefix("<p>").removesuffix("</p>") for cell in frame[column]] == COMMENTS
