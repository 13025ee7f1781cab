"""Names are exchanged in one step where the system can do that, and nothing is done elsewhere."""

import ctypes
import errno

import pytest

from sim.files import system


def test_two_folders_exchange_their_names(tmp_path):
    if system._renameat2() is None:
        pytest.skip("this system exchanges no names")
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        folder.mkdir()
        (folder / "name").write_text(folder.name)
    if not system.exchange(one, other):
        pytest.skip("this disk exchanges no names")
    assert [(one / "name").read_text(), (other / "name").read_text()] == ["other", "one"]
    with pytest.raises(FileNotFoundError):
        system.exchange(one, tmp_path / "nowhere")


@pytest.mark.parametrize("number", [errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP])
def test_a_disk_without_an_exchange_is_no_error(tmp_path, monkeypatch, number):
    def refuse(*_):
        ctypes.set_errno(number)
        return -1

    monkeypatch.setattr(system, "_renameat2", lambda: refuse)
    assert system.exchange(tmp_path, tmp_path) is False
    monkeypatch.setattr(system, "_renameat2", lambda: None)
    assert system.exchange(tmp_path, tmp_path) is False
