using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.Embeddings;

public sealed class EmbeddingRequestTests
{
    [Theory]
    [InlineData("\"a cat\"", 1, 5, 0)]
    [InlineData("[\"a cat\",\"ein Hund\"]", 2, 13, 0)]
    [InlineData("[1,2,3]", 1, 0, 3)]
    [InlineData("[[1,2],[3]]", 2, 0, 3)]
    public void OpenAIs_four_kinds_of_input_are_counted(string input, int inputs, int bytes, int ids)
    {
        var body = Encoding.UTF8.GetBytes($$$"""{"model":"m","input":{{{input}}},"user":"u","sommelier":{"tags":["t"]}}""");

        var outline = WireFormats.Get("openai-embeddings").Requests.Outline(body);

        Assert.Equal((Operation.Embeddings, "m", inputs, bytes, ids, "u"), (outline.Operation, outline.Model, outline.Inputs, (int)outline.TextBytes, outline.TokenIds, outline.EndUser));
        Assert.Equal(["t"], outline.Hints!.Tags);
        Assert.False(outline.Stream);
    }

    [Theory]
    [InlineData("openai-embeddings", """{"input":"a"}""", "model")]
    [InlineData("openai-embeddings", """{"model":"","input":"a"}""", "model")]
    [InlineData("openai-embeddings", """{"model":3,"input":"a"}""", "model")]
    [InlineData("openai-embeddings", """{"model":"m"}""", "input")]
    [InlineData("openai-embeddings", """{"model":"m","input":null}""", "input")]
    [InlineData("openai-embeddings", """{"model":"m","input":""}""", "input")]
    [InlineData("openai-embeddings", """{"model":"m","input":[]}""", "input")]
    [InlineData("openai-embeddings", """{"model":"m","input":[""]}""", "input[0]")]
    [InlineData("openai-embeddings", """{"model":"m","input":["a",1]}""", "input[1]")]
    [InlineData("openai-embeddings", """{"model":"m","input":["a",null]}""", "input[1]")]
    [InlineData("openai-embeddings", """{"model":"m","input":[{"text":"a"}]}""", "input[0]")]
    [InlineData("openai-embeddings", """{"model":"m","input":{"text":"a"}}""", "input")]
    [InlineData("openai-embeddings", """{"model":"m","input":[1,-2]}""", "input[1]")]
    [InlineData("openai-embeddings", """{"model":"m","input":[1,2.5]}""", "input[1]")]
    [InlineData("openai-embeddings", """{"model":"m","input":[1,"a"]}""", "input[1]")]
    [InlineData("openai-embeddings", """{"model":"m","input":[[1],[]]}""", "input[1]")]
    [InlineData("openai-embeddings", """{"model":"m","input":[[1],2]}""", "input[1]")]
    [InlineData("openai-embeddings", """{"model":"m","input":[[1],["a"]]}""", "input[1][0]")]
    [InlineData("openai-embeddings", """{"model":"m","input":"a","dimensions":0}""", "dimensions")]
    [InlineData("openai-embeddings", """{"model":"m","input":"a","dimensions":"3"}""", "dimensions")]
    [InlineData("openai-embeddings", """{"model":"m","input":"a","encoding_format":"int8"}""", "encoding_format")]
    [InlineData("openai-embeddings", """{"model":"m","input":"a","encoding_format":1}""", "encoding_format")]
    [InlineData("openai-embeddings", """{"model":"m","input":"a","user":1}""", "user")]
    [InlineData("openai-embeddings", """{"model":"m","input":"a","input":"b"}""", "input")]
    [InlineData("openai-embeddings", """{"model":"m","input":"a","sommelier":{"polcy":"x"}}""", "sommelier.polcy")]
    [InlineData("openai-embeddings", """["a"]""", null)]
    [InlineData("openai-embeddings", """{"model":"m","input":"a"} x""", null)]
    [InlineData("gemini-embed", """{"taskType":"RETRIEVAL_QUERY"}""", "content")]
    [InlineData("gemini-embed", """{"content":"a"}""", "content")]
    [InlineData("gemini-embed", """{"content":{}}""", "content.parts")]
    [InlineData("gemini-embed", """{"content":{"parts":[]}}""", "content.parts")]
    [InlineData("gemini-embed", """{"content":{"parts":{"text":"a"}}}""", "content.parts")]
    [InlineData("gemini-embed", """{"content":{"parts":["a"]}}""", "content.parts[0]")]
    [InlineData("gemini-embed", """{"content":{"parts":[{"text":""}]}}""", "content.parts[0].text")]
    [InlineData("gemini-batch-embed", """{"requests":{}}""", "requests")]
    [InlineData("gemini-batch-embed", """{"requests":[]}""", "requests")]
    [InlineData("gemini-batch-embed", """{"requests":["a"]}""", "requests[0]")]
    [InlineData("gemini-batch-embed", """{"requests":[{"content":{"parts":[{"text":"a"}]}},{"model":"models/model-1"}]}""", "requests[1].content")]
    [InlineData("gemini-batch-embed", """{"requests":[{"content":{"parts":[{"text":3}]}}]}""", "requests[0].content.parts[0].text")]
    [InlineData("gemini-batch-embed", """{"requests":[{"model":"models/model-1","content":{"parts":[{"text":"a"}]}},{"model":"models/model-2","content":{"parts":[{"text":"a"}]}}]}""", "requests[1].model")]
    [InlineData("gemini-batch-embed", """{"requests":[{"model":"model","content":{"parts":[{"text":"a"}]}}]}""", "requests[0].model")]
    [InlineData("gemini-batch-embed", """{"requests":[{"model":3,"content":{"parts":[{"text":"a"}]}}]}""", "requests[0].model")]
    [InlineData("vertex-predict", """{"instances":{}}""", "instances")]
    [InlineData("vertex-predict", """{"instances":[]}""", "instances")]
    [InlineData("vertex-predict", """{"instances":["a"]}""", "instances[0]")]
    [InlineData("vertex-predict", """{"instances":[{"content":"a"},{"title":"T"}]}""", "instances[1].content")]
    [InlineData("vertex-predict", """{"instances":[{"content":["a"]}]}""", "instances[0].content")]
    [InlineData("ollama-embed", """{"model":"m"}""", "input")]
    [InlineData("ollama-embed", """{"model":"m","input":[1,2]}""", "input[0]")]
    [InlineData("ollama-embed", """{"model":"m","input":"a","truncate":"yes"}""", "truncate")]
    [InlineData("ollama-embed", """{"model":"m","input":"a","dimensions":-1}""", "dimensions")]
    [InlineData("ollama-embeddings", """{"model":"m","input":"a"}""", "prompt")]
    [InlineData("ollama-embeddings", """{"model":"m","prompt":["a"]}""", "prompt")]
    public void A_wrong_request_is_refused_by_its_field(string format, string body, string? field)
    {
        var error = EmbeddingWire.Refusal(format, body);

        Assert.Equal((GatewayErrorKind.InvalidRequest, 400, field), (error.Kind, error.Status, error.Field));
    }

    [Theory]
    [InlineData("openai-embeddings")]
    [InlineData("ollama-embed")]
    public void More_than_2048_inputs_are_refused(string format)
    {
        string Body(int count) => $$"""{"model":"m","input":[{{string.Join(",", Enumerable.Repeat("\"a\"", count))}}]}""";

        Assert.Equal(2_048, WireFormats.Get(format).Requests.Outline(Encoding.UTF8.GetBytes(Body(2_048))).Inputs);
        Assert.Equal("input[2048]", EmbeddingWire.Refusal(format, Body(2_049)).Field);
    }

    [Fact]
    public void What_is_forwarded_is_what_came_but_for_the_model_and_our_own_object()
    {
        var (body, warnings) = EmbeddingWire.Forward(
            "openai-embeddings", """{ "model" : "m", "input":[ "a\u00e9" ] ,"sommelier":{"tags":["t"]}, "input_type":"query","encoding_format":"base64" }""");

        Assert.Equal("""{ "model" : "other/model", "input":[ "a\u00e9" ], "input_type":"query","encoding_format":"base64" }""", body);
        Assert.Empty(warnings);
    }

    [Theory]
    [InlineData("\"model-1\"")]
    [InlineData("\"models/model-1\"")]
    [InlineData("\"models\\/model\\u002d1\"")]
    [InlineData("\"publishers/google/models/model-1\"")]
    [InlineData("null")]
    public void A_request_of_a_batch_may_spell_the_paths_model_in_its_own_way(string model)
    {
        var body = $$$"""{"requests":[{"model":{{{model}}},"content":{"parts":[{"text":"a"}]}}]}""";

        Assert.Equal("model-1", WireFormats.Get("gemini-batch-embed").Requests.Outline(Encoding.UTF8.GetBytes(body), EmbeddingWire.Path).Model);
    }

    [Fact]
    public void A_request_of_a_batch_that_names_another_model_is_told_what_to_do() =>
        Assert.Equal(
            "'requests[0].model' is another model than 'model-1', which the path names. Send the texts of each model in a batch of their own.",
            EmbeddingWire.Refusal("gemini-batch-embed", """{"requests":[{"model":"models/m","content":{"parts":[{"text":"a"}]}}]}""").Message);

    [Fact]
    public void Every_request_of_a_batch_of_Googles_names_the_model_that_is_sent()
    {
        var (body, _) = EmbeddingWire.Forward(
            "gemini-batch-embed",
            """{"requests":[{"model":"models/model-1","content":{"parts":[{"text":"model"}],"model":"kept"}},{"content":{"parts":[{"text":"b"}]},"model":"models/model-1"}],"sommelier":{}}""");

        Assert.Equal(
            """{"requests":[{"model":"models/other/model","content":{"parts":[{"text":"model"}],"model":"kept"}},{"content":{"parts":[{"text":"b"}]},"model":"models/other/model"}]}""",
            body);
    }

    [Fact]
    public void Quirks_rename_and_drop_with_a_warning()
    {
        var quirks = new Sommelier.Providers.Mistral().Quirks(Fidelity.Target.Model, "openai-embeddings");

        var (forwarded, warnings) = EmbeddingWire.Forward("openai-embeddings", """{"model":"m","input":"a","dimensions":8,"user":"u"}""", quirks);
        var (written, others) = EmbeddingWire.Translate("ollama-embed", "openai-embeddings", """{"model":"m","input":"a","dimensions":8}""", quirks);

        Assert.Equal("""{"model":"other/model","input":"a","output_dimension":8}""", forwarded);
        Assert.Equal("user", Assert.Single(warnings).Field);
        Assert.Equal("""{"model":"other/model","input":["a"],"output_dimension":8}""", written);
        Assert.Empty(others);
    }

    [Fact]
    public void Google_is_asked_in_its_own_words()
    {
        var (body, warnings) = EmbeddingWire.Translate("openai-embeddings", "gemini-batch-embed", """{"model":"m","input":["a","b"],"dimensions":64,"user":"u","encoding_format":"base64","priority":1}""");

        Assert.Equal(
            """{"requests":[{"model":"models/other/model","content":{"parts":[{"text":"a"}]},"outputDimensionality":64},{"model":"models/other/model","content":{"parts":[{"text":"b"}]},"outputDimensionality":64}]}""",
            body);
        Assert.Equal(["user", "priority"], warnings.Select(warning => warning.Field));
    }

    [Fact]
    public void Vertex_is_asked_in_its_own_words()
    {
        var (body, _) = EmbeddingWire.Translate(
            "gemini-embed", "vertex-predict", """{"content":{"parts":[{"text":"a"},{"text":"b"}]},"task_type":"RETRIEVAL_DOCUMENT","title":"T","output_dimensionality":64}""");

        Assert.Equal(
            """{"instances":[{"content":"a\nb","task_type":"RETRIEVAL_DOCUMENT","title":"T"}],"parameters":{"autoTruncate":false,"outputDimensionality":64}}""", body);
    }

    [Fact]
    public void What_only_Google_knows_is_told_when_another_is_asked()
    {
        var (body, warnings) = EmbeddingWire.Translate(
            "gemini-batch-embed", "openai-embeddings",
            """{"requests":[{"model":"models/model-1","content":{"role":"user","parts":[{"text":"a"}]},"taskType":"RETRIEVAL_QUERY","title":"T","shade":1}]}""");

        Assert.Equal("""{"model":"other/model","input":["a"]}""", body);
        Assert.Equal(["taskType", "title", "shade"], warnings.Select(warning => warning.Field));
    }

    [Theory]
    [InlineData("ollama-embed", """{"model":"m:latest","input":"a","truncate":true,"keep_alive":"5m"}""", new[] { "truncate", "keep_alive" })]
    [InlineData("ollama-embed", """{"model":"m:latest","input":"a","truncate":false}""", new string[0])]
    [InlineData("ollama-embeddings", """{"model":"m:latest","prompt":"a","options":{"num_ctx":8}}""", new[] { "options" })]
    public void What_only_Ollama_knows_is_told_when_another_is_asked(string format, string request, string[] lost)
    {
        var (body, warnings) = EmbeddingWire.Translate(format, "openai-embeddings", request);

        Assert.Equal("""{"model":"other/model","input":["a"]}""", body);
        Assert.Equal(lost, warnings.Select(warning => warning.Field));
        Assert.Equal("m", WireFormats.Get(format).Requests.Outline(Encoding.UTF8.GetBytes(request)).Model);
    }

    [Fact]
    public void Token_ids_go_to_OpenAIs_format_as_they_are_and_to_no_other()
    {
        const string Ids = """{"model":"m","input":[[1,2],[3]]}""";

        Assert.Equal("""{"model":"other/model","input":[[1,2],[3]]}""", EmbeddingWire.Translate("openai-embeddings", "openai-embeddings", Ids).Body);
        foreach (var other in (string[])["gemini-batch-embed", "ollama-embed", "vertex-predict"])
        {
            var error = Assert.Throws<WireException>(() => EmbeddingWire.Translate("openai-embeddings", other, Ids)).Error;
            Assert.Equal(("input", 400), (error.Field, error.Status));
        }
    }

    [Theory]
    [InlineData("gemini-embed")]
    [InlineData("ollama-embeddings")]
    public void A_target_of_one_input_refuses_several(string format) =>
        Assert.Contains("one input", Assert.Throws<WireException>(() => EmbeddingWire.Translate("openai-embeddings", format, EmbeddingWire.Request("openai-embeddings"))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"requests":[{"content":{"parts":[{"inlineData":{"mimeType":"image/png","data":"iVBO"}}]}}]}""", "requests[0].content.parts[0]")]
    [InlineData("""{"requests":[{"content":{"parts":[{"text":"a"}]},"outputDimensionality":3},{"content":{"parts":[{"text":"b"}]},"outputDimensionality":4}]}""", "requests[1]")]
    public void What_only_Google_can_serve_is_outlined_for_it_and_refused_for_others(string body, string field)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var requests = WireFormats.Get("gemini-batch-embed").Requests;

        Assert.Equal(JsonDocument.Parse(body).RootElement.GetProperty("requests").GetArrayLength(), requests.Outline(bytes, EmbeddingWire.Path).Inputs);
        Assert.Equal(field, Assert.Throws<WireException>(() => requests.Read(bytes, EmbeddingWire.Path)).Error.Field);
    }
}
