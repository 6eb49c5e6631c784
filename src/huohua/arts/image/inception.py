"""Inception v3 as published figures use it, through torch-fidelity, where its weights are on this machine.

Nothing is downloaded: the file is looked for where PyTorch keeps such files. Its figures may be set beside
published FID and KID only if the number of samples and the real works are those of the publication.

Letters: B pictures, C channels, H W pixels, F features.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from huohua.arts.image.seen import chunks, together
from huohua.arts.yardstick import Description
from huohua.errors import MissingDependencyError
from huohua.files import sha256

FILE = "weights-inception-2015-12-05-6726825d.pth"
DIGEST_START = "6726825d"  # of its SHA-256, as its name says
WHERE = "https://github.com/toshas/torch-fidelity/releases/tag/v0.2.0"
LAYERS = ("64", "192", "768", "2048")


class Inception:
    """Describes pictures with the Inception v3 of published FID.

    Raises:
        MissingDependencyError: torch-fidelity or the weights are missing or cannot be used.

    Source: Heusel et al. 2017, "GANs Trained by a Two Time-Scale Update Rule", the network of their
    distance; the library is Obukhov et al. 2020, "High-fidelity performance metrics for generative models
    in PyTorch".
    """

    name = "inception"
    title = "Inception v3 of published FID, pooled, at 299 px"
    family = "inception"

    def __init__(self) -> None:
        path = weights_path()
        self.network = _library().FeatureExtractorInceptionV3(
            "inception-v3-compat", list(LAYERS), feature_extractor_weights_path=str(path)
        )

    def look(self, sample: Tensor) -> Description:
        """Return the description of pictures in [-1, 1]; the network brings them to its side itself."""
        features, taps = [], []
        with torch.inference_mode():
            for shown in chunks(sample, None):
                levels_BCHW = ((shown.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)
                layers = self.network(levels_BCHW)
                features.append(layers[-1])
                # The library gives means over the picture, so each tap has one position.
                taps.append([layer[:, :, None] for layer in layers])
        return together(features, taps)


def weights_path() -> Path:
    """Return the weights file in PyTorch's own folder.

    Raises:
        MissingDependencyError: it is not there, or is another file.
    """
    path = Path(torch.hub.get_dir()) / "checkpoints" / FILE
    if not path.is_file():
        advice = f"Put {FILE} from {WHERE} there, or use another --extractor."
        raise MissingDependencyError(f"The Inception weights are not in {path.parent}.", advice=advice)
    if not sha256(path).startswith(DIGEST_START):
        raise MissingDependencyError(f"{path} is damaged.", advice=f"Get it again from {WHERE}.")
    return path


def _library() -> Any:
    try:
        return importlib.import_module("torch_fidelity.feature_extractor_inceptionv3")
    except (ImportError, RuntimeError, OSError) as error:
        # Beside a PyTorch of another kind torchvision, which the library needs, fails in many ways.
        reason = " ".join(str(error).split())[:200]
        raise MissingDependencyError(
            f"Figures on Inception need torch-fidelity, which cannot be used here: {reason}.",
            advice="Install it with: pip install torch-fidelity",
        ) from error
