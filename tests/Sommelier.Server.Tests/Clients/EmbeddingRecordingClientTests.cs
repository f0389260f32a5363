using System.Runtime.InteropServices;
using System.Text.Json;
using Sommelier.TestKit;
using Sommelier.TestKit.Recordings;

namespace Sommelier.Server.Tests.Clients;

/// <summary>Recorded vectors, served behind a real gateway, are number for number what every official client then holds.</summary>
public sealed class EmbeddingRecordingClientTests
{
    private static readonly string[] Clients = ["openai, base64", "openai, numbers", "google", "ollama"];

    [Fact]
    public async Task Every_recording_of_vectors_is_read_by_every_official_client()
    {
        Node.Need("openai");
        Recording[] all = [.. RecordedFile.Names.Where(static name => name.Contains("embedding", StringComparison.Ordinal)).Select(static (name, number) => Read(name, number))];
        await using var vendor = new FaultServer(0, (request, _) => FaultReply.Json(all.Single(one => (request.Path + request.Body).Contains(one.Model, StringComparison.Ordinal)).Body));
        var models = all.ToLookup(static one => one.IsGoogle, static one => $"{{ id: {one.Model}, kind: embedding }}");
        await using var gateway = await RunningGateway.StartAsync(
            $$"""
            discover: false
            resilience: { max_attempts: 1, max_attempts_per_deployment: 1 }
            providers:
              openai: { api_key: k, base_url: "{{vendor.Address}}", models: [{{string.Join(", ", models[false])}}] }
              vertex: { api_key: k, base_url: "{{vendor.Address}}", models: [{{string.Join(", ", models[true])}}] }
            """);

        var cases = all.SelectMany(static one => Clients.Select(client => new { model = one.Served, client, texts = Enumerable.Range(0, one.Vectors.Length).Select(static text => $"text {text}").ToArray() })).ToArray();
        using var process = Node.Start("embedding-recordings.mjs", gateway.Url);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await JsonSerializer.SerializeAsync(process.StandardInput.BaseStream, cases);
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        Assert.True(process.ExitCode == 0, await errors);

        var lines = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonSerializer.Deserialize<JsonElement>(line)).ToArray();
        Assert.Equal(cases.Length, lines.Length);
        Assert.InRange(all.Length, 5, 1000);
        Assert.All(lines, line =>
        {
            var sent = all.Single(one => one.Served == line.GetProperty("model").GetString());
            Assert.True(line.TryGetProperty("vectors", out var vectors), line.ToString());
            Assert.Equal(sent.Vectors, vectors.EnumerateArray().Select(Numbers).ToArray());
            Assert.Equal(sent.Tokens, line.GetProperty("tokens").GetInt32());
        });
    }

    private static Recording Read(string name, int number)
    {
        var path = Shared.Path("data", "wire", name);
        var isCassette = name.EndsWith(".yaml", StringComparison.Ordinal);
        var body = isCassette ? Cassette.Body(path, "response") : File.ReadAllText(path);
        using var json = JsonDocument.Parse(body);
        var root = json.RootElement;
        return isCassette
            ? new($"recorded-{number}-x", body, [.. root.GetProperty("data").EnumerateArray().Select(static item => Numbers(item.GetProperty("embedding")))], root.GetProperty("usage").GetProperty("prompt_tokens").GetInt32(), false)
            : new($"recorded-{number}-x", body, [.. Predictions(root).Select(static item => Numbers(item.GetProperty("values")))], Predictions(root).Sum(static item => item.GetProperty("statistics").GetProperty("token_count").GetInt32()), true);
    }

    private static IEnumerable<JsonElement> Predictions(JsonElement root) => root.GetProperty("predictions").EnumerateArray().Select(static item => item.GetProperty("embeddings"));

    // Vectors are 32-bit floats: as a list, or their bytes in base64.
    private static float[] Numbers(JsonElement vector) => vector.ValueKind == JsonValueKind.String
        ? MemoryMarshal.Cast<byte, float>(vector.GetBytesFromBase64()).ToArray()
        : [.. vector.EnumerateArray().Select(static number => number.GetSingle())];

    private sealed record Recording(string Model, string Body, float[][] Vectors, int Tokens, bool IsGoogle)
    {
        public string Served => $"{(IsGoogle ? "vertex" : "openai")}/{Model}";
    }
}
