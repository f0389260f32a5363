using System.Text.Encodings.Web;
using System.Text.Json;
using Sommelier.Catalog;

namespace Sommelier.CatalogBuilder.Facts;

/// <summary>Writes one provider's file: a table of sources, then one model per line, so that a difference can be read.</summary>
public static class ProviderWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The file's bytes.</summary>
    public static byte[] Write(ProviderModels provider, SourceCatalog _)
    {
        var pages = provider.Models.Select(m => m.Lifecycle.Source)
            .Concat(provider.Gone.Select(g => g.Lifecycle.Source))
            .Where(u => u is not null)
            .Select(u => u!.OriginalString)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToArray();
        var text = new System.Text.StringBuilder();
        text.Append("{\n\"provider\": ").Append(Json(w => w.WriteStringValue(provider.Name))).Append(",\n");
        Rows("sources", SourceCatalog.Sources, (w, s) =>
        {
            w.WriteStartObject();
            w.WriteString("id", s.Id);
            w.WriteString("date", s.Date);
            w.WriteString("licence", s.Licence);
            w.WriteString("url", s.Url);
            w.WriteEndObject();
        });
        Rows("pages", pages, (w, p) => w.WriteStringValue(p));
        Rows("models", provider.Models, (w, m) => WriteModel(w, m, pages));
        Rows("retired", provider.Gone, (w, g) => WriteGone(w, g, pages));
        text.Append("\"aliases\": ").Append(Json(w =>
        {
            w.WriteStartObject();
            foreach (var (alias, target) in provider.Aliases)
            {
                w.WriteString(alias, target);
            }

            w.WriteEndObject();
        })).Append("\n}\n");
        return System.Text.Encoding.UTF8.GetBytes(text.ToString());

        void Rows<T>(string name, IReadOnlyList<T> rows, Action<Utf8JsonWriter, T> write)
        {
            text.Append('"').Append(name).Append("\": [");
            for (var i = 0; i < rows.Count; i++)
            {
                text.Append(i == 0 ? "\n" : ",\n").Append(Json(w => write(w, rows[i])));
            }

            text.Append("\n],\n");
        }
    }

    private static string Json(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Options))
        {
            write(writer);
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void WriteModel(Utf8JsonWriter w, Deployment m, string[] pages)
    {
        w.WriteStartObject();
        w.WriteString("id", m.Model);
        Text("canonical", m.CanonicalModel == m.Model ? "" : m.CanonicalModel);
        Text("name", m.Name);
        Text("family", m.Family);
        Text("maker", m.Maker);
        Text("kind", m.Kind switch { ModelKind.Embedding => "embedding", ModelKind.Other => "other", _ => "" });
        Text("named_only", m.NamedOnly switch { NamedOnly.MovingName => "moving", NamedOnly.OtherTerms => "terms", NamedOnly.OtherSpelling => "spelling", _ => "" });
        Text("wire", m.WireFormat);
        Count(w, "context", m.ContextWindow);
        Count(w, "max_input", m.MaxInputTokens);
        Count(w, "max_output", m.MaxOutputTokens);
        w.WriteStartArray("can");
        for (var bit = 0; bit < CatalogJson.CapabilityNames.Length; bit++)
        {
            if (m.Can((Capabilities)(1 << bit)))
            {
                w.WriteStringValue(CatalogJson.CapabilityNames[bit]);
            }
        }

        w.WriteEndArray();
        WriteReasoning(w, m.Reasoning);
        WritePrice(w, m);
        if (m.Lifecycle != Lifecycle.Unknown)
        {
            w.WritePropertyName("life");
            WriteLifecycle(w, m.Lifecycle, pages);
        }

        Text("region", m.Region);
        Text("cutoff", m.KnowledgeCutoff);
        Date(w, "released", m.ReleaseDate);
        if (m.OpenWeights)
        {
            w.WriteBoolean("open", true);
        }

        w.WriteStartArray("src");
        foreach (var source in m.Sources)
        {
            w.WriteNumberValue(SourceCatalog.IndexOf(source));
        }

        w.WriteEndArray();
        w.WriteEndObject();

        void Text(string name, string value)
        {
            if (value.Length > 0)
            {
                w.WriteString(name, value);
            }
        }
    }

    private static void WriteGone(Utf8JsonWriter w, Tombstone gone, string[] pages)
    {
        w.WriteStartObject();
        w.WriteString("id", gone.Model);
        List(w, "aliases", gone.Aliases);
        w.WritePropertyName("life");
        WriteLifecycle(w, gone.Lifecycle, pages);
        w.WriteEndObject();
    }

    private static void WritePrice(Utf8JsonWriter w, Deployment m)
    {
        if (m.Price is not { } p)
        {
            return;
        }

        w.WriteStartObject("price");
        w.WriteNumber("in", p.InputUsdPerMillion);
        w.WriteNumber("out", p.OutputUsdPerMillion);
        Money(w, "read", p.CacheRead);
        Money(w, "write", p.CacheWrite5m);
        Money(w, "write_1h", p.CacheWrite1h);
        Money(w, "reasoning", p.Reasoning);
        Money(w, "audio_in", p.InputAudio);
        Money(w, "audio_out", p.OutputAudio);
        if (p.Tiers.Count > 0)
        {
            w.WriteStartArray("tiers");
            foreach (var t in p.Tiers)
            {
                w.WriteStartObject();
                w.WriteNumber("above", t.AboveInputTokens);
                Money(w, "in", t.InputUsdPerMillion);
                Money(w, "out", t.OutputUsdPerMillion);
                Money(w, "read", t.CacheRead);
                Money(w, "write", t.CacheWrite5m);
                Money(w, "write_1h", t.CacheWrite1h);
                Money(w, "reasoning", t.Reasoning);
                w.WriteEndObject();
            }

            w.WriteEndArray();
        }

        if (p.ServiceTiers.Count > 0)
        {
            w.WriteStartObject("service");
            foreach (var tier in p.ServiceTiers)
            {
                w.WriteStartObject(tier.Name);
                w.WriteNumber("in", tier.InputUsdPerMillion);
                w.WriteNumber("out", tier.OutputUsdPerMillion);
                w.WriteNumber("src", SourceCatalog.IndexOf(tier.Source));
                w.WriteEndObject();
            }

            w.WriteEndObject();
        }

        if (p.GeoFactors.Count > 0)
        {
            w.WriteStartObject("geo");
            foreach (var (place, factor) in p.GeoFactors)
            {
                w.WriteNumber(place, factor);
            }

            w.WriteEndObject();
        }

        Money(w, "search", p.WebSearchUsdPerThousand);
        w.WriteNumber("src", SourceCatalog.IndexOf(p.Source));
        w.WriteEndObject();
    }

    private static void WriteLifecycle(Utf8JsonWriter w, Lifecycle life, string[] pages)
    {
        w.WriteStartObject();
        if (life.Status != ModelStatus.Active)
        {
            w.WriteString("status", life.Status.ToString().ToLowerInvariant());
        }

        Date(w, "deprecated", life.DeprecatedOn);
        Date(w, "retires", life.RetiresOn);
        Date(w, "earliest", life.EarliestRetiresOn);
        List(w, "successors", life.Successors);
        if (life.SuccessorsInferred)
        {
            w.WriteBoolean("inferred", true);
        }

        if (life.Source is { } page)
        {
            w.WriteNumber("page", Array.IndexOf(pages, page.OriginalString));
        }

        Date(w, "verified", life.LastVerified);
        w.WriteEndObject();
    }

    private static void WriteReasoning(Utf8JsonWriter w, ReasoningOptions r)
    {
        if (r == ReasoningOptions.None)
        {
            return;
        }

        w.WriteStartObject("reasoning");
        List(w, "efforts", r.Efforts);
        if (r.Toggle)
        {
            w.WriteBoolean("toggle", true);
        }

        if (r.Budget)
        {
            w.WriteStartObject("budget");
            Count(w, "min", r.BudgetMin);
            Count(w, "max", r.BudgetMax);
            w.WriteEndObject();
        }

        w.WriteEndObject();
    }

    private static void Money(Utf8JsonWriter w, string name, decimal? value)
    {
        if (value is { } money)
        {
            w.WriteNumber(name, money);
        }
    }

    private static void Count(Utf8JsonWriter w, string name, int? value)
    {
        if (value is { } count)
        {
            w.WriteNumber(name, count);
        }
    }

    private static void Date(Utf8JsonWriter w, string name, DateOnly? value)
    {
        if (value is { } day)
        {
            w.WriteString(name, day.ToString("yyyy-MM-dd"));
        }
    }

    private static void List(Utf8JsonWriter w, string name, IReadOnlyList<string> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        w.WriteStartArray(name);
        foreach (var value in values)
        {
            w.WriteStringValue(value);
        }

        w.WriteEndArray();
    }
}
