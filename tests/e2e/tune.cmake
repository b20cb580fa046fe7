# SPDX-License-Identifier: Apache-2.0
# Searches on circuit.
placewright_e2e_tests(MODULES tune_test)
