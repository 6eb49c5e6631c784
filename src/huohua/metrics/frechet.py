"""The Fréchet distance between two sets of works, each summed up by its mean and covariance.

With A the centred features of one side over √(N - 1), its covariance is AᵀA. The trace of the square
root of (AᵀA)(BᵀB) is the sum of the square roots of that product's eigenvalues, and those roots are the
singular values of ABᵀ. So no covariance is formed, no square root of a singular matrix is taken, and
fewer works than features need no regularisation: the result is exact, though it then measures the
sample more than its source, and only sets of one size can be compared.
"""

from __future__ import annotations

import numpy as np

from huohua.metrics.features import Doubles, Features, check_pair


def frechet_distance(fake_NF: Features, real_MF: Features) -> float:
    """Return the squared Fréchet distance between the two sides as Gaussians, 0 or more.

    Biased upwards for few works. Comparable with published FID only for their features and protocol.

    Source: Heusel et al. 2017, "GANs Trained by a Two Time-Scale Update Rule", the Fréchet
    Inception Distance; the closed form is
    Dowson and Landau 1982: |m1 - m2|² + tr(C1 + C2 - 2 (C1 C2)^½).

    Example:
        >>> import numpy as np
        >>> frechet_distance(np.array([[0.0], [2.0]]), np.array([[3.0], [5.0]]))
        9.0

    Raises:
        DataError: a side has fewer than two rows, or the features cannot be measured.
    """
    fake_NF, real_MF = check_pair(fake_NF, real_MF, least=2)
    apart_F = fake_NF.mean(axis=0) - real_MF.mean(axis=0)
    fake_KF, real_KF = _factor(fake_NF), _factor(real_MF)
    spread = float((fake_KF**2).sum() + (real_KF**2).sum())
    shared = float(np.linalg.svd(fake_KF @ real_KF.T, compute_uv=False).sum())
    # Equal sides can come out below 0 by rounding, which no distance may be.
    return max(0.0, float(apart_F @ apart_F) + spread - 2 * shared)


def _factor(feature_NF: Doubles) -> Doubles:
    # The orthogonal part of A = QR changes no singular value of ABᵀ, so R, with at most F rows, stands for A.
    centred_NF: Doubles = (feature_NF - feature_NF.mean(axis=0)) / np.sqrt(len(feature_NF) - 1)
    rows, features = centred_NF.shape
    if rows <= features:
        return centred_NF
    return np.asarray(np.linalg.qr(centred_NF, mode="r"), dtype=np.float64)
