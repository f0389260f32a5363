using System.Text.Json;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Embeddings;

/// <summary>What one pass over the inputs of a request for vectors tells, with no object per input.</summary>
internal struct InputScan
{
    /// <summary>The most inputs of one request; OpenAI's limit, the highest of all.</summary>
    public const int MaxInputs = 2_048;

    private TextCount text;

    /// <summary>The model that the path names, which inputs may name again; null where it names none.</summary>
    public string? Model { get; init; }

    /// <summary>All texts.</summary>
    public readonly TextCount Text => text;

    /// <summary>How many inputs there are: as many vectors must come back.</summary>
    public int Count { get; private set; }

    /// <summary>How many token ids the inputs hold that are given as such.</summary>
    public int TokenIds { get; private set; }

    /// <summary>How many images, sounds and documents there are.</summary>
    public int Media { get; set; }

    /// <summary>Where the first text stands, between its quotes.</summary>
    public Range First { get; private set; }

    /// <summary>Whether the vectors are wanted as base64.</summary>
    public bool Base64 { get; set; }

    /// <summary>One more input.</summary>
    public void Begin(string path)
    {
        if (++Count > MaxInputs)
        {
            throw WireException.Invalid(path, $"'{path}' is more than {MaxInputs} inputs. Send them in several requests.");
        }
    }

    /// <summary>A text of the input that has begun, at which the reader stands.</summary>
    public void AddText(ref Utf8JsonReader reader, string path)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw FieldError.WrongType(path, "a string", reader.TokenType);
        }

        if (reader.ValueSpan.IsEmpty)
        {
            throw WireException.Invalid(path, $"'{path}' is empty. Send text that has at least one character.");
        }

        text.Add(ref reader);
        if (First.Equals(default))
        {
            First = (int)(reader.TokenStartIndex + 1)..(int)(reader.BytesConsumed - 1);
        }
    }

    /// <summary>A text or a list of texts; where token ids are known too, also a list of ids or of lists of ids.</summary>
    public void ReadAll(ref Utf8JsonReader reader, string path, bool ids)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            Begin(path);
            AddText(ref reader, path);
            return;
        }

        var expected = ids ? "a string, a list of strings, or token ids" : "a string or a list of strings";
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw FieldError.WrongType(path, expected, reader.TokenType);
        }

        reader.Read();
        var kind = reader.TokenType;
        if (kind == JsonTokenType.EndArray)
        {
            throw WireException.Invalid(path, $"'{path}' is empty. Send at least one text.");
        }

        if (ids && kind == JsonTokenType.Number)
        {
            Begin(path);
            ReadIds(ref reader, path);
            return;
        }

        for (var at = 0; reader.TokenType != JsonTokenType.EndArray; at++, reader.Read())
        {
            var place = $"{path}[{at}]";
            if (reader.TokenType != kind || !(kind == JsonTokenType.String || (ids && kind == JsonTokenType.StartArray)))
            {
                throw FieldError.WrongType(place, kind == JsonTokenType.StartArray && ids ? "a list of token ids like the first" : "a string", reader.TokenType);
            }

            Begin(place);
            if (kind == JsonTokenType.String)
            {
                AddText(ref reader, place);
            }
            else
            {
                reader.Read();
                ReadIds(ref reader, place);
            }
        }
    }

    // From the first id, or the end of the list, to its end.
    private void ReadIds(ref Utf8JsonReader reader, string path)
    {
        var before = TokenIds;
        for (; reader.TokenType != JsonTokenType.EndArray; reader.Read())
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var id) || id < 0)
            {
                throw FieldError.OutOfRange($"{path}[{TokenIds - before}]", "a token id: a whole number from 0 on");
            }

            TokenIds++;
        }

        if (TokenIds == before)
        {
            throw WireException.Invalid(path, $"'{path}' is empty. Send at least one token id.");
        }
    }
}
