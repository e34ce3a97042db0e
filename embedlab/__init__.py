from embedlab.encoder import Encoder, load_encoder
from embedlab.spec import EmbeddingSpec, Variant
