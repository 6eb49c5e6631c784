"""Augmentations of one image (C, H, W) at a time, step by step and pixel by pixel."""

from __future__ import annotations

import numpy as np


def recolour(image: np.ndarray, brightness: float, saturation: float, contrast: float) -> np.ndarray:
    colours = image[:3] + brightness
    grey = colours.mean(axis=0)
    colours = grey + (colours - grey) * saturation
    middle = colours.mean()
    colours = middle + (colours - middle) * contrast
    return np.concatenate([colours, image[3:]])


def reflected(position: int, side: int) -> int:
    if position < 0:
        return -position
    return 2 * (side - 1) - position if position >= side else position


def shift(image: np.ndarray, down: int, right: int) -> np.ndarray:
    _, height, width = image.shape
    result = np.zeros_like(image)
    for row in range(height):
        for column in range(width):
            result[:, row, column] = image[:, reflected(row - down, height), reflected(column - right, width)]
    return result


def cut(image: np.ndarray, top: int, left: int, height: int, width: int) -> np.ndarray:
    result = image.copy()
    for row in range(image.shape[1]):
        for column in range(image.shape[2]):
            if top <= row < top + height and left <= column < left + width:
                result[:, row, column] = 0
    return result


def mirror(image: np.ndarray, chosen: bool) -> np.ndarray:
    return image[:, :, ::-1].copy() if chosen else image
