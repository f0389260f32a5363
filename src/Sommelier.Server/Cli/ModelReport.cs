using System.Globalization;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Spectre.Console;

namespace Sommelier.Server.Cli;

/// <summary>Models as tables and as JSON.</summary>
internal sealed class ModelReport(IAnsiConsole console)
{
    /// <summary>One line per model.</summary>
    public void PrintList(IReadOnlyList<Deployment> models, DateOnly today)
    {
        var table = RouteReport.PlainTable("model", "context", "output", "USD in", "USD out", "status", "retires");
        foreach (var model in models)
        {
            RouteReport.Row(
                table,
                model.Id,
                Number(model.ContextWindow),
                Number(model.MaxOutputTokens),
                Usd(model.Price?.InputUsdPerMillion),
                Usd(model.Price?.OutputUsdPerMillion),
                Word(model.Lifecycle.At(today)),
                Day(model.Lifecycle.RetiresOn));
        }

        console.Write(table);
    }

    /// <summary>Everything about one or several deployments of a model.</summary>
    public void PrintDetails(CatalogSnapshot catalog, IReadOnlyList<Deployment> models, DateOnly today)
    {
        foreach (var model in models)
        {
            var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
            foreach (var (name, value) in Facts(model, today).Where(fact => fact.Value.Length > 0))
            {
                grid.AddRow(new Text(name, new Style(Color.Grey)), new Text(value));
            }

            console.Write(grid);
            console.WriteLine();
        }

        var table = RouteReport.PlainTable("intent", "quality", "at least", "evidence");
        for (var i = 0; i < Intents.Count; i++)
        {
            var quality = catalog.QualityOf(catalog.IndexOf(models[0].Id), (Intent)i);
            RouteReport.Row(table, ((Intent)i).Name(), quality.Mean.ToString("0.000", CultureInfo.InvariantCulture), quality.Low.ToString("0.000", CultureInfo.InvariantCulture), quality.Evidence);
        }

        console.Write(table);
    }

    /// <summary>Members of the JSON list.</summary>
    public static void WriteList(Utf8JsonWriter writer, CatalogSnapshot catalog, IReadOnlyList<Deployment> models, DateOnly today)
    {
        writer.WriteString("catalog_version", catalog.Version);
        writer.WriteString("day", Day(today));
        writer.WriteStartArray("models");
        foreach (var model in models)
        {
            writer.WriteStartObject();
            Write(writer, model, today);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Members of the JSON details: the deployments, then the evidence of the first.</summary>
    public static void WriteDetails(Utf8JsonWriter writer, CatalogSnapshot catalog, IReadOnlyList<Deployment> models, DateOnly today)
    {
        WriteList(writer, catalog, models, today);
        writer.WriteStartObject("quality");
        for (var i = 0; i < Intents.Count; i++)
        {
            var quality = catalog.QualityOf(catalog.IndexOf(models[0].Id), (Intent)i);
            writer.WriteStartObject(((Intent)i).Name());
            writer.WriteNumber("mean", Math.Round(quality.Mean, 4));
            writer.WriteNumber("low", Math.Round(quality.Low, 4));
            writer.WriteNumber("mass", Math.Round(quality.Mass, 2));
            writer.WriteString("evidence", quality.Evidence);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Deployment model, DateOnly today)
    {
        writer.WriteString("id", model.Id);
        writer.WriteString("provider", model.Provider);
        writer.WriteString("model", model.CanonicalModel);
        writer.Text("name", model.Name);
        writer.Text("family", model.Family);
        writer.WriteString("kind", Word(model.Kind));
        writer.WriteBoolean("named_only", model.NamedOnly != NamedOnly.No);
        writer.Amount("context", model.ContextWindow);
        writer.Amount("max_input", model.MaxInputTokens);
        writer.Amount("max_output", model.MaxOutputTokens);
        writer.Texts("capabilities", CapabilityWords(model));
        writer.Text("region", model.Region);
        writer.Text("data", model.MaxDataClass is { } data ? Word(data) : null);
        if (model.Price is { } price)
        {
            writer.WriteStartObject("price");
            writer.Amount("input", price.InputUsdPerMillion);
            writer.Amount("output", price.OutputUsdPerMillion);
            writer.Amount("cache_read", price.CacheRead);
            writer.Amount("cache_write", price.CacheWrite5m);
            writer.Amount("cache_write_1h", price.CacheWrite1h);
            writer.Amount("reasoning", price.Reasoning);
            writer.Amount("input_audio", price.InputAudio);
            writer.Amount("output_audio", price.OutputAudio);
            writer.WriteNumber("tiers", price.Tiers.Count);
            writer.WriteStartObject("service_tiers");
            foreach (var tier in price.ServiceTiers)
            {
                writer.WriteStartObject(tier.Name);
                writer.Amount("input", tier.InputUsdPerMillion);
                writer.Amount("output", tier.OutputUsdPerMillion);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
            writer.Amount("web_search", price.WebSearchUsdPerThousand);
            writer.WriteString("source", price.Source);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteNull("price");
        }

        writer.WriteStartObject("lifecycle");
        writer.WriteString("status", Word(model.Lifecycle.At(today)));
        writer.Text("deprecated_on", Day(model.Lifecycle.DeprecatedOn));
        writer.Text("retires_on", Day(model.Lifecycle.RetiresOn));
        writer.Texts("successors", model.Lifecycle.Successors);
        writer.Text("source", model.Lifecycle.Source?.AbsoluteUri);
        writer.WriteEndObject();
        writer.Texts("sources", model.Sources);
    }

    private static IEnumerable<(string Name, string Value)> Facts(Deployment model, DateOnly today)
    {
        yield return ("model", model.Id);
        yield return ("name", model.Name);
        yield return ("maker", model.Maker);
        yield return ("catalog id", model.CanonicalModel);
        yield return ("kind", Word(model.Kind));
        yield return ("chosen", model.NamedOnly switch
        {
            NamedOnly.MovingName => "only by name: what it stands for changes",
            NamedOnly.OtherTerms => "only by name: it is sold under terms of its own",
            NamedOnly.OtherSpelling => "only by name: it is another id of the same model here",
            _ => "",
        });
        yield return ("context", Number(model.ContextWindow));
        yield return ("output", Number(model.MaxOutputTokens));
        yield return ("can", string.Join(", ", CapabilityWords(model)));
        yield return ("efforts", string.Join(", ", model.Reasoning.Efforts));
        yield return ("region", model.Region);
        yield return ("data up to", model.MaxDataClass is { } data ? Word(data) : "");
        yield return ("knows until", model.KnowledgeCutoff);
        yield return ("released", Day(model.ReleaseDate));
        if (model.Price is { } price)
        {
            yield return ("price", $"{Usd(price.InputUsdPerMillion)} in, {Usd(price.OutputUsdPerMillion)} out, USD per million tokens");
            yield return ("cached", price.CacheRead is null && price.CacheWrite5m is null ? "" : $"{Usd(price.CacheRead ?? price.InputUsdPerMillion)} read, {Usd(price.CacheWrite5m ?? price.InputUsdPerMillion)} written");
            yield return ("audio", price.InputAudio is null && price.OutputAudio is null ? "" : $"{Usd(price.InputAudio ?? price.InputUsdPerMillion)} in, {Usd(price.OutputAudio ?? price.OutputUsdPerMillion)} out");
            foreach (var tier in price.Tiers)
            {
                yield return ($"above {Number(tier.AboveInputTokens)}", $"{Usd(tier.InputUsdPerMillion ?? price.InputUsdPerMillion)} in, {Usd(tier.OutputUsdPerMillion ?? price.OutputUsdPerMillion)} out");
            }

            foreach (var tier in price.ServiceTiers)
            {
                yield return (tier.Name, $"{Usd(tier.InputUsdPerMillion)} in, {Usd(tier.OutputUsdPerMillion)} out");
            }

            yield return ("searches", price.WebSearchUsdPerThousand is { } search ? $"{Usd(search)} a thousand" : "");
            foreach (var hours in price.TimesOfDay)
            {
                yield return ("by hour", string.Create(CultureInfo.InvariantCulture, $"{hours.FromUtc:HH:mm} to {hours.ToUtc:HH:mm} UTC: times {hours.Factor:0.###}"));
            }

            yield return ("price from", price.SourceDate == DateOnly.MinValue ? price.Source : $"{price.Source}, {Day(price.SourceDate)}");
        }
        else
        {
            yield return ("price", "unknown");
        }

        yield return ("status", Word(model.Lifecycle.At(today)));
        yield return ("retires", Day(model.Lifecycle.RetiresOn));
        yield return ("successors", string.Join(", ", model.Lifecycle.Successors));
        yield return ("announced at", model.Lifecycle.Source?.AbsoluteUri ?? "");
        yield return ("sources", string.Join("; ", model.Sources));
    }

    private static IEnumerable<string> CapabilityWords(Deployment model) =>
        Configuration.Keys.Words.Capabilities.Where(word => model.Can(Configuration.Keys.Words.Capability(word)));

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static string Number(int? value) => value?.ToString("N0", CultureInfo.InvariantCulture) ?? "";

    private static string Usd(decimal? value) => value?.ToString("0.######", CultureInfo.InvariantCulture) ?? "unknown";

    internal static string Day(DateOnly? value) => value?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";
}
