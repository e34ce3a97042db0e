"""The pages without a browser: opened, filled with a file, and read."""

import json

from patience import PATIENCE
from places import ROOT
from streamlit.testing.v1 import AppTest

from embedlab.ui.frame import PAGES

FILES = {page.title: page.file for page in PAGES}


def open_page(title, secrets=None, **query):
    """Open a page as the first request of a new session: `app.py` names the app, but is not run before the page."""
    app = AppTest.from_file(ROOT / "app.py", default_timeout=PATIENCE)
    for key, value in (secrets or {}).items():
        app.secrets[key] = value
    for key, value in query.items():
        app.query_params[key] = value
    return app.run() if title == "Home" else go(app, title)


def go(app, title):
    """Go on to another page, in the same session."""
    return app.switch_page(FILES[title]).run()


def upload(app, name, content):
    return app.file_uploader[0].upload(name, content, "application/octet-stream").run()


def upload_several(app, files):
    """Give the Data page several files at once, as names with their bytes."""
    return (
        app.file_uploader[0].set_value([(name, one, "application/octet-stream") for name, one in files.items()]).run()
    )


def uploaded(name, content):
    """Load a file on the Data page and return the id by which other sessions find it."""
    app = upload(open_page("Data"), name, content)
    assert not app.exception
    return app.selectbox(key="dataset").value


def press(app, label):
    """Click the button that is called so."""
    return next(button for button in app.button if button.label == label).click().run()


def messages(app):
    return [element.value for element in [*app.error, *app.warning]]


def said(app):
    """The words of a page, without its panel."""
    kinds = (app.main.markdown, app.main.caption, app.main.info, app.main.error)
    return " ".join(element.value for kind in kinds for element in kind)


def table(app, alt="The table as it was read"):
    """The table that is described so; None where there is none."""
    return next((frame.value for frame in app.dataframe if frame.proto.alt == alt), None)


def metrics(app):
    return {metric.label: metric.value for metric in app.metric}


def figure(app, number=0):
    return json.loads(app.get("plotly_chart")[number].proto.spec)


def drawn_maps(app):
    return sum(element.proto.component_name == "embedlab_map" for element in app.get("bidi_component"))


def arrays_header(element):
    """What stands before the bytes of an array that is sent to the map."""
    if element.proto.component_name != "embedlab_arrays":
        return {}
    return json.loads(element.proto.bytes.split(b"\n")[0])
