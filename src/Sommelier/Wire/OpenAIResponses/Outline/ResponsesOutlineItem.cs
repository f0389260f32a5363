using System.Runtime.InteropServices;
using System.Text.Json;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>One item under the one-pass reader. Fields may come in any order.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct ResponsesOutlineItem
{
    private ResponsesItemKind role;
    private bool isMessage;
    private bool isTyped;
    private bool hasContent;
    private bool offersTools;
    private int tools;
    private bool searches;

    /// <summary>What it is.</summary>
    public ResponsesItemKind Kind { get; private set; }

    /// <summary>Where a message's content stands.</summary>
    public Range Content { get; private set; }

    /// <summary>For the pass-through writer.</summary>
    public ResponsesOutlineFlags Flags { get; private set; }

    /// <summary>Reads the item at whose first token the reader stands.</summary>
    public void Read(ref Utf8JsonReader reader, int index, ref ResponsesOutlineInput all)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw FieldError.WrongType($"input[{index}]", "an object", reader.TokenType);
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            Field(ref reader, index, ref all);
        }

        all.ToolCount += offersTools ? tools : 0;
        all.Searches |= offersTools && searches;
        if (isMessage || !isTyped)
        {
            CheckMessage(index);
            Kind = role;
        }
    }

    private void Field(ref Utf8JsonReader reader, int index, ref ResponsesOutlineInput all)
    {
        if (reader.ValueTextEquals("type"u8))
        {
            reader.Read();
            ReadType(ref reader, index);
        }
        else if (reader.ValueTextEquals("role"u8))
        {
            reader.Read();
            ReadRole(ref reader, index);
        }
        else if (reader.ValueTextEquals("content"u8))
        {
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            hasContent = ResponsesOutlineContent.Read(ref reader, $"input[{index}].content", index, ref all);
            Content = start..(int)reader.BytesConsumed;
        }
        else if (reader.ValueTextEquals("output"u8) || reader.ValueTextEquals("summary"u8) || reader.ValueTextEquals("arguments"u8)
            || reader.ValueTextEquals("input"u8))
        {
            reader.Read();
            ResponsesOutlineContent.AddTexts(ref reader, ref all);
        }
        else if (reader.ValueTextEquals("tools"u8))
        {
            reader.Read();
            var list = reader;
            (tools, _, searches, _) = OutlineFields.Tools(ref list, $"input[{index}].tools");
            ResponsesOutlineContent.AddTexts(ref reader, ref all);
        }
        else if (reader.ValueTextEquals("encrypted_content"u8))
        {
            reader.Read();
            Flags |= reader.TokenType == JsonTokenType.String && reader.ValueSpan.StartsWith(Seals.Mark) ? ResponsesOutlineFlags.ForeignThinking : ResponsesOutlineFlags.None;
            reader.Skip();
        }
        else if (reader.ValueTextEquals("id"u8))
        {
            reader.Read();
            Flags |= reader.TokenType == JsonTokenType.String && reader.ValueSpan.StartsWith("rs_smlr_"u8) ? ResponsesOutlineFlags.ForeignThinking : ResponsesOutlineFlags.None;
            reader.Skip();
        }
        else
        {
            reader.Read();
            reader.Skip();
        }
    }

    private void ReadType(ref Utf8JsonReader reader, int index)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        if (reader.TokenType != JsonTokenType.String)
        {
            throw FieldError.WrongType($"input[{index}].type", "a string", reader.TokenType);
        }

        isTyped = true;
        isMessage = reader.ValueTextEquals("message"u8);
        offersTools = reader.ValueTextEquals("additional_tools"u8);
        Kind = reader.ValueTextEquals("function_call"u8) || reader.ValueTextEquals("custom_tool_call"u8) ? ResponsesItemKind.ToolCall
            : reader.ValueTextEquals("item_reference"u8) ? ResponsesItemKind.Reference
            : reader.ValueSpan.EndsWith("_output"u8) ? ResponsesItemKind.ToolResult
            : ResponsesItemKind.Other;
    }

    private void ReadRole(ref Utf8JsonReader reader, int index)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw FieldError.WrongType($"input[{index}].role", "a string", reader.TokenType);
        }

        role = reader.ValueTextEquals("user"u8) ? ResponsesItemKind.User
            : reader.ValueTextEquals("assistant"u8) ? ResponsesItemKind.Assistant
            : reader.ValueTextEquals("system"u8) || reader.ValueTextEquals("developer"u8) ? ResponsesItemKind.System
            : throw FieldError.Unknown($"input[{index}].role", JsonText.Of(ref reader, $"input[{index}].role"), ResponsesWords.Roles);
    }

    private readonly void CheckMessage(int index)
    {
        if (role == ResponsesItemKind.Other)
        {
            throw isTyped
                ? FieldError.Missing($"input[{index}].role", $"one of: {ResponsesWords.Roles}")
                : FieldError.Missing($"input[{index}].type", "the kind of item, e.g. \"message\" or \"function_call_output\"");
        }

        if (!hasContent)
        {
            throw FieldError.Missing($"input[{index}].content", "a string or a list of parts");
        }
    }
}
