"""Writes files of Arrow out as one plain stream; a process of its own, see ``ipc.py``.

Whatever the files hold, what is written is unpacked, well formed and in small batches.
"""

import sys
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

BATCH_ROWS = 8192


def plain(kind: pa.DataType) -> pa.DataType:
    """Return the type in which cells hold their own bytes, and do not point into those of others."""
    if pa.types.is_run_end_encoded(kind):
        return plain(kind.value_type)
    if pa.types.is_string_view(kind):
        return pa.large_string()
    if pa.types.is_binary_view(kind):
        return pa.large_binary()
    if pa.types.is_dictionary(kind):
        return pa.dictionary(kind.index_type, plain(kind.value_type), kind.ordered)
    if pa.types.is_struct(kind):
        return pa.struct([field.with_type(plain(field.type)) for field in kind])
    if pa.types.is_map(kind):
        return pa.map_(plain(kind.key_type), plain(kind.item_type))
    if pa.types.is_list(kind):
        return pa.list_(plain(kind.value_type))
    if any(is_kind(kind) for is_kind in (pa.types.is_large_list, pa.types.is_list_view, pa.types.is_large_list_view)):
        return pa.large_list(plain(kind.value_type))
    return kind


def column_of(values: pa.Array) -> pa.Array:
    """Return a column without runs and pointers."""
    if pa.types.is_run_end_encoded(values.type):
        values = pc.run_end_decode(values)
    kind = plain(values.type)
    if kind == values.type:
        return values
    if pa.types.is_dictionary(kind):
        return pa.DictionaryArray.from_arrays(values.indices, column_of(values.dictionary), ordered=kind.ordered)
    # By way of Python: Arrow 26 casts ["a"] to [null] where views lie in the views of a list.
    return pa.array(values.to_pylist(), kind) if pa.types.is_nested(kind) else values.cast(kind)


def opened(path: str) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    """Return what a file or a stream says of its columns, and its batches."""
    source, options = pa.memory_map(path), pa.ipc.IpcReadOptions(use_threads=False)
    if source.read_at(6, 0) == b"ARROW1":
        file = pa.ipc.open_file(source, options=options)
        return file.schema, map(file.get_batch, range(file.num_record_batches))
    stream = pa.ipc.open_stream(source, options=options)
    return stream.schema, iter(stream)


def main(most_rows: int, paths: list[str]) -> None:
    """Write all rows of all files, or the first ones where there are too many."""
    schema, n_rows = opened(paths[0])[0], 0
    kept = pa.schema([field.with_type(plain(field.type)) for field in schema], schema.metadata)
    with pa.ipc.new_stream(sys.stdout.buffer, kept) as writer:
        for batch in (batch for path in paths for batch in opened(path)[1]):
            if batch.schema.names != schema.names:
                raise ValueError("files with other columns")
            batch.validate(full=True)
            for start in range(0, batch.num_rows, BATCH_ROWS):
                columns = [column_of(column) for column in batch.slice(start, BATCH_ROWS).columns]
                writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=kept))
                n_rows += len(columns[0])
                if n_rows > most_rows:
                    return


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
