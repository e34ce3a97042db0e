"""Texts joined and cleaned on the Data page, followed by every page and by a link."""

from page_app import go, messages, metrics, open_page, said, uploaded

CONTENT = (
    b"title,body,topic\n"
    b"Lamp,<p>It is <b>dark</b> &amp; cold.</p>,light\n"
    b"Parcel,It never came to my house,parcel\n"
    b"Link,https://example.com,parcel\n"
    b"Bulb,It went out and stays dark,light\n"
)


def found_texts(app):
    return app.dataframe[0].value["found text"].tolist()


def test_a_step_is_shown_before_and_after_and_does_nothing_by_itself():
    id_ = uploaded("mails.csv", CONTENT)
    app = open_page("Data", dataset=id_, text="body")
    assert not app.exception
    assert "2 steps would change something" in app.expander[1].label or any(
        "2 steps would change something" in each.label for each in app.expander
    )
    examples = [frame.value for frame in app.dataframe if "Cleaned" in frame.value]
    assert examples[0].iloc[0].tolist() == ["<p>It is <b>dark</b> &amp; cold.</p>", "It is dark & cold."]
    assert "would be blank, and set aside" in said(app)
    assert metrics(app)["Texts to embed"] == "4"
    assert "clean" not in app.query_params


def test_what_is_turned_on_is_in_the_address_and_counted():
    id_ = uploaded("mails.csv", CONTENT)
    app = open_page("Data", dataset=id_, text="body")
    app.toggle(key=f"clean-links:{id_}").set_value(True).run()
    assert not app.exception
    assert app.query_params["clean"] in ("links", ["links"])
    assert metrics(app)["Blank, set aside"] == "1"
    app.toggle(key=f"clean-html:{id_}").set_value(True).run()
    assert any("Cleaned: HTML to text, Links" in each.value for each in app.sidebar.caption)
    app.toggle(key=f"clean-links:{id_}").set_value(False).run()
    assert metrics(app)["Blank, set aside"] == "0"
    app = go(app, "Search")
    app.text_input(key="query").set_value("dark").run()
    assert not app.exception
    assert "It is dark & cold." in found_texts(app)


def test_a_link_reopens_joined_and_cleaned_texts():
    id_ = uploaded("mails.csv", CONTENT)
    app = open_page("Search", dataset=id_, text="title", also="body", clean="html,links", query="a dark lamp")
    assert not app.exception
    assert app.multiselect(key=f"also:{id_}").value == ["body"]
    assert "Lamp\n\nIt is dark & cold." in found_texts(app)
    app.multiselect(key=f"also:{id_}").set_value([]).run()
    assert not app.exception
    assert "Lamp" in found_texts(app)
    assert "also" not in app.query_params


def test_a_link_that_asks_for_more_than_there_is_says_so():
    id_ = uploaded("mails.csv", CONTENT)
    app = open_page("Data", dataset=id_, clean="html,magic")
    assert any("not here: magic" in message for message in messages(app))
