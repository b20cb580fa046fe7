// SPDX-License-Identifier: Apache-2.0
// Carries the precompiled headers of the rooms that are COLD (cmake/PlacewrightRoom.cmake).
