"""Templates fill every text in with `%`, so a translation has the places of its text, and no stray per cent sign."""

import re

import pytest

from returns_service.pages import catalogues, i18n

_PLACE = re.compile(r"%\((\w+)\)s")


@pytest.mark.parametrize("language", i18n.LANGUAGES[1:])
def test_every_translation_can_be_filled_in(language: str) -> None:
    for file in i18n.catalogue_files(language):
        for message in i18n.read(file):
            if not message.id:
                continue
            source = catalogues.key(message)
            values = dict.fromkeys(_PLACE.findall(source), "x") | {"num": "1"}
            said = message.string if isinstance(message.string, tuple | list) else (message.string,)
            for text in said:
                assert text % values is not None, text
                assert set(_PLACE.findall(text)) <= set(values), f"{source!r} -> {text!r}"
