using System.Runtime.InteropServices;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>The roles that the outline tells apart.</summary>
internal enum OutlineRole
{
    /// <summary>Not said yet.</summary>
    Unknown,

    /// <summary>System or developer.</summary>
    System,

    /// <summary>The asker.</summary>
    User,

    /// <summary>The model.</summary>
    Assistant,

    /// <summary>A tool, or a legacy function.</summary>
    Tool,
}

/// <summary>One message under the one-pass reader. Fields may come in any order.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct OutlineMessage
{
    /// <summary>Who speaks.</summary>
    public OutlineRole Role { get; private set; }

    /// <summary>Where the content stands.</summary>
    public Range Content { get; private set; }

    /// <summary>Whether there is content that is not null.</summary>
    public bool HasContent { get; private set; }

    /// <summary>Whether it calls tools.</summary>
    public bool CallsTools { get; private set; }

    /// <summary>For the pass-through writer.</summary>
    public OutlineFlags Flags { get; private set; }

    /// <summary>Reads the message at whose first token the reader stands.</summary>
    public void Read(ref Utf8JsonReader reader, int index, ref OutlineMessages all)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw FieldError.WrongType($"messages[{index}]", "an object", reader.TokenType);
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            if (reader.ValueTextEquals("role"u8))
            {
                reader.Read();
                ReadRole(ref reader, index);
            }
            else if (reader.ValueTextEquals("content"u8))
            {
                reader.Read();
                ReadContent(ref reader, index, ref all);
            }
            else if (reader.ValueTextEquals("tool_calls"u8))
            {
                reader.Read();
                ReadToolCalls(ref reader, index, ref all);
            }
            else if (reader.ValueTextEquals("function_call"u8))
            {
                reader.Read();
                CallsTools |= reader.TokenType != JsonTokenType.Null;
                Flags |= OutlineFlags.Legacy;
                AddTexts(ref reader, ref all);
            }
            else if (reader.ValueTextEquals("reasoning_content"u8) || reader.ValueTextEquals("reasoning"u8)
                || reader.ValueTextEquals("reasoning_details"u8))
            {
                Flags |= OutlineFlags.Reasoning;
                reader.Read();
                AddTexts(ref reader, ref all);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        Check(index);
    }

    private readonly void Check(int index)
    {
        if (Role == OutlineRole.Unknown)
        {
            throw FieldError.Missing($"messages[{index}].role", $"one of: {OpenAIWords.Roles}");
        }

        // An assistant may have said nothing, or have only called tools.
        if (!HasContent && Role != OutlineRole.Assistant)
        {
            throw FieldError.Missing($"messages[{index}].content", "a string or a list of parts");
        }
    }

    private void ReadRole(ref Utf8JsonReader reader, int index)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw FieldError.WrongType($"messages[{index}].role", "a string", reader.TokenType);
        }

        if (reader.ValueTextEquals("user"u8))
        {
            Role = OutlineRole.User;
        }
        else if (reader.ValueTextEquals("assistant"u8))
        {
            Role = OutlineRole.Assistant;
            Flags |= OutlineFlags.Assistant;
        }
        else if (reader.ValueTextEquals("system"u8))
        {
            Role = OutlineRole.System;
        }
        else if (reader.ValueTextEquals("tool"u8))
        {
            Role = OutlineRole.Tool;
        }
        else if (reader.ValueTextEquals("developer"u8))
        {
            Role = OutlineRole.System;
            Flags |= OutlineFlags.Developer;
        }
        else if (reader.ValueTextEquals("function"u8))
        {
            Role = OutlineRole.Tool;
            Flags |= OutlineFlags.Legacy;
        }
        else
        {
            var path = $"messages[{index}].role";
            throw FieldError.Unknown(path, JsonText.Of(ref reader, path), OpenAIWords.Roles);
        }
    }

    private void ReadContent(ref Utf8JsonReader reader, int index, ref OutlineMessages all)
    {
        var start = (int)reader.TokenStartIndex;
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return;
            case JsonTokenType.String:
                all.Text.Add(ref reader);
                break;
            case JsonTokenType.StartArray:
                for (var part = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; part++)
                {
                    ReadPart(ref reader, index, part, ref all);
                }

                break;
            default:
                throw FieldError.WrongType($"messages[{index}].content", "a string or a list of parts", reader.TokenType);
        }

        HasContent = true;
        Content = start..(int)reader.BytesConsumed;
    }

    private static void ReadPart(ref Utf8JsonReader reader, int index, int part, ref OutlineMessages all)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw FieldError.WrongType($"messages[{index}].content[{part}]", "an object", reader.TokenType);
        }

        var typed = false;
        var isText = false;
        var hasText = false;
        var isFile = false;
        var isPlain = false;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                if (reader.TokenType != JsonTokenType.String)
                {
                    throw FieldError.WrongType($"messages[{index}].content[{part}].type", "a string", reader.TokenType);
                }

                typed = true;
                isText = reader.ValueTextEquals("text"u8);
                isFile = reader.ValueTextEquals("file"u8);
                NoteMedia(ref reader, ref all);
            }
            else if (reader.ValueTextEquals("file"u8))
            {
                reader.Read();
                isPlain = ReadFile(ref reader, ref all);
            }
            else if (reader.ValueTextEquals("text"u8) || reader.ValueTextEquals("refusal"u8))
            {
                reader.Read();
                if (reader.TokenType != JsonTokenType.String)
                {
                    throw FieldError.WrongType($"messages[{index}].content[{part}].text", "a string", reader.TokenType);
                }

                hasText = true;
                all.Text.Add(ref reader);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        all.Media |= isFile && !isPlain ? MediaKind.Document : MediaKind.None;
        if (!typed)
        {
            throw FieldError.Missing($"messages[{index}].content[{part}].type", "the kind of part, e.g. \"text\" or \"image_url\"");
        }

        if (isText && !hasText)
        {
            throw FieldError.Missing($"messages[{index}].content[{part}].text", "a string");
        }
    }

    // Whether a file is plain text, which every model reads; it then counts as such.
    private static bool ReadFile(ref Utf8JsonReader reader, ref OutlineMessages all)
    {
        var isPlain = false;
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isData = reader.ValueTextEquals("file_data"u8);
                reader.Read();
                if (isData && reader.TokenType == JsonTokenType.String && MediaType.IsText(reader.ValueSpan))
                {
                    isPlain = true;
                    all.Text.Add(ref reader);
                }

                reader.Skip();
            }
        }

        reader.Skip();
        return isPlain;
    }

    private static void NoteMedia(ref Utf8JsonReader reader, ref OutlineMessages all)
    {
        var kind = reader.ValueTextEquals("image_url"u8) ? MediaKind.Image
            : reader.ValueTextEquals("input_audio"u8) || reader.ValueTextEquals("audio_url"u8) ? MediaKind.Audio
            : reader.ValueTextEquals("video_url"u8) ? MediaKind.Video
            : MediaKind.None;
        if (kind != MediaKind.None || reader.ValueTextEquals("file"u8))
        {
            all.Media |= kind;
            all.MediaCount++;
        }
    }

    private void ReadToolCalls(ref Utf8JsonReader reader, int index, ref OutlineMessages all)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw FieldError.WrongType($"messages[{index}].tool_calls", "a list of calls", reader.TokenType);
        }

        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            CallsTools = true;
            if (reader.TokenType == JsonTokenType.String)
            {
                all.Text.Add(ref reader);
            }
        }
    }

    // Every string below a value: names, arguments, thinking.
    private static void AddTexts(ref Utf8JsonReader reader, ref OutlineMessages all)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            all.Text.Add(ref reader);
            return;
        }

        if (reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
        {
            return;
        }

        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                all.Text.Add(ref reader);
            }
        }
    }
}
