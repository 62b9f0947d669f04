package io.eddy.dataset.csv;

import io.eddy.dataset.SeriesData;
import java.util.List;

/**
 * The content of a CSV file.
 *
 * @param series each sorted by time
 */
public record CsvData(List<SeriesData> series, CsvSummary summary) {}
