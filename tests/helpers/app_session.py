"""A session of the app as a browser tab has it, without the browser: Streamlit's own protocol over a websocket."""

import time
import urllib.request
from urllib.parse import parse_qs, urlencode

from patience import PATIENCE
from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect

# Sent as cookie and as header: what is compared is that both are the same.
TOKEN = "0123456789abcdef"
ENDS = {ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_WITH_COMPILE_ERROR}
PROTECTED = {"Cookie": f"_streamlit_xsrf={TOKEN}", "X-Xsrftoken": TOKEN}


class Session:
    """A tab: what it shows, what has been typed, and what went wrong; open until the block ends."""

    def __init__(self, address, patience=PATIENCE):
        self.address, self.patience, self.id = address, patience, ""
        self.elements, self.errors = {}, []
        self._page, self._query, self._typed = "", "", {}
        self._opening = connect(
            f"{address.replace('http', 'ws')}/_stcore/stream", origin=address, subprotocols=["streamlit"], max_size=None
        )

    def __enter__(self):
        self._stream = self._opening.__enter__()
        return self

    def __exit__(self, *error):
        self._opening.__exit__(*error)

    def open(self, name, query=""):
        """Go to an address of the app and wait until the page has run."""
        asked = BackMsg()
        asked.rerun_script.page_name, self._query = name, query
        asked.rerun_script.query_string = query
        self._run(asked)

    def follow(self, title):
        """Click on the link to another page, and return the seconds until it has run."""
        link = self.find("page_link", title)
        self._page, self._query, self._typed = link.page_script_hash, link.query_string, {}
        return self._run(self._rerun())

    def type_in(self, label, text, shows=None):
        """Type a text, press Enter, and return the seconds to an element whose id ``shows`` that, or to the end."""
        box = self.find("text_input", label)
        self._typed[box.id] = WidgetState(id=box.id, string_value=text)
        if box.query_param_key:
            self._query = urlencode(parse_qs(self._query) | {box.query_param_key: [text]}, doseq=True)
        return self._run(self._rerun(), shows)

    def upload(self, label, file):
        """Load a file, and return the seconds until the page has run with it."""
        start, uploader = time.perf_counter(), self.find("file_uploader", label)
        asked = BackMsg()
        asked.file_urls_request.session_id = self.id
        asked.file_urls_request.file_names.append(file.name)
        self._send(asked)
        while (answer := self._receive()).WhichOneof("type") != "file_urls_response":
            pass
        (urls,) = answer.file_urls_response.file_urls
        self._put(urls.upload_url, file)
        state = WidgetState(id=uploader.id)
        size = file.stat().st_size
        state.file_uploader_state_value.uploaded_file_info.add(
            name=file.name, size=size, file_id=urls.file_id, file_urls=urls
        )
        self._typed[uploader.id] = state
        self._run(self._rerun())
        return time.perf_counter() - start

    def find(self, kind, label):
        """Return the element of this kind and label."""
        return next(element for name, element in self.elements.values() if name == kind and element.label == label)

    def _put(self, path, file):
        part = f'--sep\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\n\r\n'.encode()
        body = part + file.read_bytes() + b"\r\n--sep--\r\n"
        headers = {**PROTECTED, "Content-Type": "multipart/form-data; boundary=sep"}
        wanted = urllib.request.Request(f"{self.address}{path}", body, headers, method="PUT")
        urllib.request.urlopen(wanted, timeout=self.patience).close()

    def _rerun(self):
        asked = BackMsg()
        asked.rerun_script.page_script_hash = self._page
        asked.rerun_script.query_string = self._query
        asked.rerun_script.widget_states.widgets.extend(self._typed.values())
        return asked

    def _send(self, message):
        self._stream.send(message.SerializeToString())

    def _receive(self):
        return ForwardMsg.FromString(self._stream.recv(timeout=self.patience))

    def _run(self, asked, shows=None):
        """Have the page run to its end, take in what it shows, and return the seconds."""
        start, shown = time.perf_counter(), None
        self._send(asked)
        while True:
            message = self._receive()
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.id, self.elements = message.new_session.initialize.session_id, {}
            elif kind == "navigation":
                self._page = message.navigation.page_script_hash
            elif kind == "page_info_changed":
                self._query = message.page_info_changed.query_string
            elif kind == "delta" and message.delta.HasField("new_element"):
                is_wanted = self._take_in(tuple(message.metadata.delta_path), message.delta.new_element, shows)
                shown = shown or (is_wanted and time.perf_counter() - start)
            elif kind == "script_finished" and message.script_finished in ENDS:
                return shown or time.perf_counter() - start

    def _take_in(self, path, element, shows):
        kind = element.WhichOneof("type")
        content = getattr(element, kind)
        self.elements[path] = kind, content
        if kind == "exception" or (kind == "alert" and content.format == Alert.ERROR):
            self.errors.append(content.body if kind == "alert" else content.message)
        return shows is not None and shows in getattr(content, "id", "")
