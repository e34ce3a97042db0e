"""`embedlab retrieve`: the prompt for a question, and ways judged."""

from embedlab.cli import main

TABLE = "id,text\nd1,The harbour opens at nine.\nd2,Boats are late today.\nd3,A ticket costs five euros.\n"
FILLING = "".join(f"e{number},Row {number} tells nothing.\n" for number in range(12))
JUDGED = "query-id\tcorpus-id\tscore\nopening hours of the harbour\td1\t1\nprice of a ticket\td3\t1\n"


def test_a_question_gives_the_prompt_and_judgements_figures(tmp_path, capsys):
    table, judged = tmp_path / "t.csv", tmp_path / "q.tsv"
    table.write_text(TABLE + FILLING, encoding="utf-8")
    judged.write_text(JUDGED, encoding="utf-8")
    way = "tf-idf~by=words~k=1"
    prompts, figures = tmp_path / "prompt.txt", tmp_path / "ways.md"
    base = ["retrieve", str(table), way, "tf-idf~k=3"]
    assert main([*base, "--text", "text", "--ask", "What does a ticket cost?", "-o", str(prompts)]) in (0, None)
    out = capsys.readouterr().out
    assert out.count("Question: What does a ticket cost?") == 2
    assert out == prompts.read_text(encoding="utf-8")
    assert "[1]\nA ticket costs five euros." in out
    assert main([*base, "--text", "text", "--qrels", str(judged), "-o", str(figures)]) in (0, None)
    out = capsys.readouterr().out
    assert {line.split("\t")[0] for line in out.splitlines()} == {"1.000"}
    assert "nDCG" in figures.read_text(encoding="utf-8")
    assert main([*base, "--text", "text"]) not in (0, None)
    assert "--ask" in capsys.readouterr().err
