"""What is known of the bundled samples, to compare on."""

from embedlab.gold import build_gold, guess_layout
from embedlab.samples import SAMPLES, read_sample


def sample_gold(name):
    frame, sample = read_sample(name).frame, SAMPLES[name]
    return build_gold(frame, *guess_layout(frame, sample.text_column, sample.label_column))
