"""Gaussian mixture regression, as XMM does it: a joint density, answered by its conditional mean."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp
from sklearn.mixture import GaussianMixture

Array = NDArray[np.float64]

N_GAUSSIANS: Final = 10
REGULARISATION: Final = 1e-2


class MixtureRegression:
    """A mixture over inputs and outputs together, both of spread 1."""

    def __init__(self, n_gaussians: int = N_GAUSSIANS, seed: int = 1) -> None:
        self._n_gaussians = n_gaussians
        self._seed = seed

    def fit(self, inputs: Array, outputs: Array) -> "MixtureRegression":
        """Learn the joint density of frames."""
        count = min(self._n_gaussians, len(inputs) // 2)
        mixture = GaussianMixture(
            count, reg_covar=REGULARISATION, random_state=self._seed, max_iter=50, tol=1e-2
        )
        mixture.fit(np.hstack([inputs, outputs]))
        n = inputs.shape[1]
        self._weights = np.log(mixture.weights_)
        self._means, self._covariances = mixture.means_, mixture.covariances_
        self._slopes = [np.linalg.solve(c[:n, :n], c[:n, n:]) for c in self._covariances]
        return self

    def predict(self, inputs: Array) -> Array:
        """Answer frames by the mean of the outputs given the inputs."""
        n = inputs.shape[1]
        nearness = np.column_stack(
            [
                weight + _log_density(inputs - mean[:n], covariance[:n, :n])
                for weight, mean, covariance in zip(
                    self._weights, self._means, self._covariances, strict=True
                )
            ]
        )
        shares = np.exp(nearness - logsumexp(nearness, axis=1, keepdims=True))
        answers = [
            mean[n:] + (inputs - mean[:n]) @ slope
            for mean, slope in zip(self._means, self._slopes, strict=True)
        ]
        return np.asarray(np.einsum("nk,knj->nj", shares, np.stack(answers)))


def _log_density(offsets: Array, covariance: Array) -> Array:
    factor = np.linalg.cholesky(covariance)
    whitened = np.linalg.solve(factor, offsets.T)
    return np.asarray(-0.5 * (whitened**2).sum(axis=0) - np.log(np.diag(factor)).sum())
