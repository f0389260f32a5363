using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sommelier.Canonical;

namespace Sommelier.Catalog;

/// <summary>A whole catalog as bytes, and back: the same deployments, prices, aliases, tombstones and figures, so the same version.</summary>
/// <remarks>
/// Brotli over JSON. Rows of the quality table are those of its deployments, each written once however many share it. For catalogs over which nothing
/// was published: what was is kept by the versions of the quality table.
/// </remarks>
internal static class CatalogContent
{
    /// <summary>Writes a catalog.</summary>
    public static byte[] Write(CatalogSnapshot catalog)
    {
        var rows = new List<StoredRow>();
        var places = new Dictionary<QualityEstimate[], int>(ReferenceEqualityComparer.Instance);
        var evidence = new List<string>();
        var texts = new Dictionary<string, int>(StringComparer.Ordinal);
        var stored = new StoredCatalog
        {
            Deployments = [.. catalog.Deployments],
            Aliases = new(catalog.Aliases, StringComparer.Ordinal),
            Tombstones = [.. catalog.Tombstones],
            QualityVersion = catalog.QualityTable.Version,
            RowOf = [.. catalog.Deployments.Select(deployment => Place(catalog.QualityTable.RowArray(deployment)))],
            Rows = rows,
            Evidence = evidence,
        };
        using var output = new MemoryStream();
        using (var packed = new BrotliStream(output, CompressionLevel.Optimal))
        {
            JsonSerializer.Serialize(packed, stored, CatalogContentJson.Default.StoredCatalog);
        }

        return output.ToArray();

        int Place(QualityEstimate[] row)
        {
            if (!places.TryGetValue(row, out var place))
            {
                places[row] = place = rows.Count;
                rows.Add(new()
                {
                    Mean = Array.ConvertAll(row, static one => one.Mean),
                    Low = Array.ConvertAll(row, static one => one.Low),
                    Mass = Array.ConvertAll(row, static one => one.Mass),
                    From = Array.ConvertAll(row, one => Text(one.Evidence)),
                    Inherited = Array.ConvertAll(row, static one => one.Inherited),
                });
            }

            return place;
        }

        int Text(string text)
        {
            if (!texts.TryGetValue(text, out var place))
            {
                texts[text] = place = evidence.Count;
                evidence.Add(text);
            }

            return place;
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or of another version of this program.</exception>
    public static CatalogSnapshot Read(byte[] content)
    {
        try
        {
            using var packed = new BrotliStream(new MemoryStream(content), CompressionMode.Decompress);
            var stored = JsonSerializer.Deserialize(packed, CatalogContentJson.Default.StoredCatalog) ?? throw new InvalidDataException("The catalog is empty.");
            var rows = stored.Rows.Select(row => RowOf(row, stored.Evidence)).ToArray();
            var table = new QualityTable(
                stored.QualityVersion,
                stored.Deployments.Select((deployment, i) => KeyValuePair.Create(deployment.Id, rows[stored.RowOf[i]])));
            return CatalogSnapshot.Create(stored.Deployments, stored.Aliases, table, stored.Tombstones);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException or IndexOutOfRangeException or NotSupportedException)
        {
            throw new InvalidDataException($"The catalog cannot be read: {error.Message}", error);
        }
    }

    private static QualityEstimate[] RowOf(StoredRow row, IReadOnlyList<string> evidence) =>
        [.. Enumerable.Range(0, Intents.Count).Select(i => new QualityEstimate(row.Mean[i], row.Low[i], row.Mass[i], evidence[row.From[i]], row.Inherited[i]))];
}

/// <summary>A catalog as it is written.</summary>
internal sealed record StoredCatalog
{
    /// <summary>All of them, in the order of their ids.</summary>
    public required IReadOnlyList<Deployment> Deployments { get; init; }

    /// <summary>Other names.</summary>
    public required Dictionary<string, string> Aliases { get; init; }

    /// <summary>Models that can no longer be called.</summary>
    public required IReadOnlyList<Tombstone> Tombstones { get; init; }

    /// <summary>The quality table's version.</summary>
    public required string QualityVersion { get; init; }

    /// <summary>Each deployment's place in <see cref="Rows"/>.</summary>
    public required IReadOnlyList<int> RowOf { get; init; }

    /// <summary>What is believed.</summary>
    public required IReadOnlyList<StoredRow> Rows { get; init; }

    /// <summary>Where beliefs come from.</summary>
    public required IReadOnlyList<string> Evidence { get; init; }
}

/// <summary>What is believed of a model, by intent.</summary>
internal sealed record StoredRow
{
    /// <summary>Means.</summary>
    public required double[] Mean { get; init; }

    /// <summary>Lower bounds.</summary>
    public required double[] Low { get; init; }

    /// <summary>Masses.</summary>
    public required double[] Mass { get; init; }

    /// <summary>Places of the evidence's texts.</summary>
    public required int[] From { get; init; }

    /// <summary>Whether it is inherited.</summary>
    public required bool[] Inherited { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredCatalog))]
internal sealed partial class CatalogContentJson : JsonSerializerContext;
