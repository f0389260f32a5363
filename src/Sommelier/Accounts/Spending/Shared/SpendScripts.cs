namespace Sommelier.Accounts.Spending.Shared;

/// <summary>What runs inside Redis, so that all accounts of a request are looked at and changed at once.</summary>
/// <remarks>
/// <para>A window of a budget is a hash: <c>n</c> and <c>t</c> are nano-USD and tokens spent, <c>hn:ID</c> and <c>ht:ID</c> what
/// instance ID holds. What an instance holds counts while it gives signs of life, so that a killed one holds nothing.</para>
/// <para>Numbers are doubles in Lua: exact up to nine million USD.</para>
/// <para>All keys share one hash tag, so that they lie on one node of a cluster.</para>
/// </remarks>
internal static class SpendScripts
{
    /// <summary>What every key begins with.</summary>
    public const string Prefix = "sommelier:{spend}:";

    /// <summary>The set of instances, by the second of their last sign of life.</summary>
    public const string Instances = Prefix + "instances";

    /// <summary>Those of them that have everything held here that they run.</summary>
    public const string Ready = Prefix + "ready";

    /// <summary>For how many seconds a sign of life holds.</summary>
    public const int Lease = 30;

    // KEYS: 1 instances. ARGV: 1 instance, 2 lease.
    private const string Windows =
        """
        local now = tonumber(redis.call('TIME')[1])
        local function lives(id)
          local seen = redis.call('ZSCORE', KEYS[1], id)
          return seen and tonumber(seen) >= now - tonumber(ARGV[2])
        end
        local function window(key)
          local all = redis.call('HGETALL', key)
          local nano, tokens, heldNano, heldTokens = nil, 0, 0, 0
          for i = 1, #all, 2 do
            local field, value = all[i], tonumber(all[i + 1])
            if field == 'n' then nano = value
            elseif field == 't' then tokens = value
            else
              if not lives(string.sub(field, 4)) then redis.call('HDEL', key, field)
              elseif string.sub(field, 1, 2) == 'hn' then heldNano = heldNano + value
              else heldTokens = heldTokens + value end
            end
          end
          return nano, tokens, heldNano, heldTokens
        end
        local function text(number) return string.format('%.0f', number) end

        """;

    /// <summary>
    /// Holds what a request may use, or says why not. ARGV: 3 now in ms, 4 input tokens, 5 input nano-USD, 6 nano-USD per token of
    /// output, 7 output asked or -1, 8 most output, 9 expected output, 10 least output, 11 as how many requests it counts, 12 how many accounts; then of each account its
    /// id, requests and tokens per minute or -1, how many budgets; and of each budget its key, nano-USD and tokens or -1, seconds to live or 0.
    /// Answers <c>held</c>, output, nano-USD, tokens, tokens of the minute; of each budget nano-USD and tokens spent and held, these included; of
    /// each limit per minute what was used of it in this minute and in the one before. Answers <c>forgotten</c> where this instance has given no
    /// sign of life: what it holds is not counted then.
    /// </summary>
    public const string Reserve = Windows +
        """
        if not lives(ARGV[1]) then return { 'forgotten' } end
        local at = tonumber(ARGV[3])
        local input, inputNano, perToken = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
        local asked, most, expected = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
        local output, least = most, math.min(tonumber(ARGV[10]), most)
        if asked >= 0 then output = asked; least = asked; expected = asked end
        local minuteTokens = input + math.min(output, expected)
        local function cost(n) return inputNano + math.ceil(n * perToken) end

        local accounts, missing, place, minutes = {}, { 'missing' }, 13, {}
        for a = 1, tonumber(ARGV[12]) do
          local account = { id = ARGV[place], rpm = tonumber(ARGV[place + 1]), tpm = tonumber(ARGV[place + 2]), budgets = {} }
          local count = tonumber(ARGV[place + 3])
          place = place + 4
          for b = 1, count do
            local budget = { key = ARGV[place], money = tonumber(ARGV[place + 1]), tokens = tonumber(ARGV[place + 2]), live = tonumber(ARGV[place + 3]) }
            place = place + 4
            budget.n, budget.t, budget.hn, budget.ht = window(budget.key)
            if not budget.n then missing[#missing + 1] = text(a - 1); missing[#missing + 1] = text(b - 1) end
            account.budgets[b] = budget
          end
          accounts[a] = account
        end
        if #missing > 1 then return missing end

        local minute, within = math.floor(at / 60000), 60000 - at % 60000
        local function rate(kind, id) return Prefix .. kind .. ':' .. id .. ':' end
        for a, account in ipairs(accounts) do
          for _, kind in ipairs({ 'r', 'm' }) do
            local limit, needed = account.rpm, 1
            if kind == 'm' then limit = account.tpm; needed = minuteTokens end
            if limit >= 0 then
              local key = rate(kind, account.id)
              local current, before = tonumber(redis.call('GET', key .. text(minute)) or 0), tonumber(redis.call('GET', key .. text(minute - 1)) or 0)
              local used = current + math.floor(before * within / 60000)
              minutes[#minutes + 1] = text(current + needed)
              minutes[#minutes + 1] = text(before)
              if used + needed > limit then return { 'rate', text(a - 1), kind, text(current), text(before), text(limit - used), text(needed) } end
            end
          end
          for b, budget in ipairs(account.budgets) do
            if budget.money >= 0 then
              local left = budget.money - budget.n - budget.hn
              if cost(least) > left then return { 'money', text(a - 1), text(b - 1), text(left), text(cost(least)) } end
              if cost(output) > left then output = math.max(least, math.floor((left - inputNano) / perToken)) end
            end
            if budget.tokens >= 0 then
              local left = budget.tokens - budget.t - budget.ht
              if input + least > left then return { 'tokens', text(a - 1), text(b - 1), text(left), text(input + least) } end
              output = math.min(output, left - input)
            end
          end
        end

        local nano, tokens = cost(output), input + output
        local answer = { 'held', text(output), text(nano), text(tokens), text(minuteTokens) }
        for _, account in ipairs(accounts) do
          if account.rpm >= 0 then
            local key = rate('r', account.id) .. text(minute)
            redis.call('INCRBY', key, ARGV[11]); redis.call('EXPIRE', key, 150)
          end
          if account.tpm >= 0 then
            local key = rate('m', account.id) .. text(minute)
            redis.call('INCRBY', key, text(minuteTokens)); redis.call('EXPIRE', key, 150)
          end
          for _, budget in ipairs(account.budgets) do
            redis.call('HINCRBY', budget.key, 'hn:' .. ARGV[1], text(nano))
            redis.call('HINCRBY', budget.key, 'ht:' .. ARGV[1], text(tokens))
            if budget.live > 0 then redis.call('EXPIRE', budget.key, budget.live) end
            answer[#answer + 1] = text(budget.n + budget.hn + nano)
            answer[#answer + 1] = text(budget.t + budget.ht + tokens)
          end
        end
        for _, count in ipairs(minutes) do answer[#answer + 1] = count end
        return answer
        """;

    /// <summary>Holds more; nothing where Redis has lost a window, of which nobody can say what is left. ARGV: 3 nano-USD, 4 tokens, 5 how many budgets; then of each its key, nano-USD and tokens or -1.</summary>
    public const string Extend = Windows +
        """
        local place = 6
        for b = 1, tonumber(ARGV[5]) do
          local nano, tokens, heldNano, heldTokens = window(ARGV[place])
          if not nano then return 0 end
          local money, most = tonumber(ARGV[place + 1]), tonumber(ARGV[place + 2])
          if money >= 0 and money - nano - heldNano < tonumber(ARGV[3]) then return 0 end
          if most >= 0 and most - tokens - heldTokens < tonumber(ARGV[4]) then return 0 end
          place = place + 3
        end
        for b = 1, tonumber(ARGV[5]) do
          local key = ARGV[6 + (b - 1) * 3]
          redis.call('HINCRBY', key, 'hn:' .. ARGV[1], ARGV[3])
          redis.call('HINCRBY', key, 'ht:' .. ARGV[1], ARGV[4])
        end
        return 1
        """;

    /// <summary>
    /// Holds what runs already, whatever is left. ARGV: 3 nano-USD, 4 tokens; then of each window its key and seconds to live or 0. Answers of each
    /// nano-USD and tokens spent and held.
    /// </summary>
    public const string Hold = Windows +
        """
        local answer = {}
        for place = 5, #ARGV, 2 do
          local key, live = ARGV[place], tonumber(ARGV[place + 1])
          redis.call('HINCRBY', key, 'hn:' .. ARGV[1], ARGV[3])
          redis.call('HINCRBY', key, 'ht:' .. ARGV[1], ARGV[4])
          if live > 0 then redis.call('EXPIRE', key, live) end
          local nano, tokens, heldNano, heldTokens = window(key)
          answer[#answer + 1] = text((nano or 0) + heldNano)
          answer[#answer + 1] = text(tokens + heldTokens)
        end
        return answer
        """;

    /// <summary>
    /// Gives back what was held and counts what was used. ARGV: 1 instance, 2 nano-USD and 3 tokens held, 4 nano-USD and 5 tokens used, 6
    /// tokens to add to the minute (less than 0 to take back), 7 the minute, 8 how many budgets, their keys; then the ids of accounts with tokens per minute.
    /// </summary>
    public const string Settle =
        """
        local function lower(key, field, by)
          local held = redis.call('HGET', key, field)
          if held then
            local left = tonumber(held) - tonumber(by)
            if left > 0 then redis.call('HSET', key, field, string.format('%.0f', left)) else redis.call('HDEL', key, field) end
          end
        end
        local budgets = tonumber(ARGV[8])
        for b = 9, 8 + budgets do
          if redis.call('HEXISTS', ARGV[b], 'n') == 1 then
            redis.call('HINCRBY', ARGV[b], 'n', ARGV[4])
            redis.call('HINCRBY', ARGV[b], 't', ARGV[5])
          end
          lower(ARGV[b], 'hn:' .. ARGV[1], ARGV[2])
          lower(ARGV[b], 'ht:' .. ARGV[1], ARGV[3])
        end
        for a = 9 + budgets, #ARGV do
          local key = Prefix .. 'm:' .. ARGV[a] .. ':' .. ARGV[7]
          if tonumber(ARGV[6]) > 0 then redis.call('INCRBY', key, ARGV[6]); redis.call('EXPIRE', key, 150)
          elseif redis.call('EXISTS', key) == 1 and redis.call('INCRBY', key, ARGV[6]) < 0 then redis.call('SET', key, 0, 'EX', 150) end
        end
        return 1
        """;

    /// <summary>
    /// Raises what was spent to what the ledger knows: it lags behind and never lies. ARGV: 1 the window's key, 2 nano-USD, 3 tokens, 4
    /// seconds to live or 0.
    /// </summary>
    public const string Raise =
        """
        for i, field in ipairs({ 'n', 't' }) do
          local known = redis.call('HGET', ARGV[1], field)
          if not known or tonumber(known) < tonumber(ARGV[i + 1]) then redis.call('HSET', ARGV[1], field, ARGV[i + 1]) end
        end
        if tonumber(ARGV[4]) > 0 then redis.call('EXPIRE', ARGV[1], ARGV[4]) end
        return 1
        """;

    /// <summary>
    /// A sign of life. KEYS: 2 those that are ready. ARGV: 1 instance, 2 lease, 3 whether it is ready, 1 or 0. Answers 1 where there was a sign
    /// before and it still held, else 0, and how many instances are ready; who was forgotten is not.
    /// </summary>
    public const string Live = Windows +
        """
        local known = lives(ARGV[1]) and 1 or 0
        redis.call('ZADD', KEYS[1], now, ARGV[1])
        if ARGV[3] == '1' and known == 1 then redis.call('ZADD', KEYS[2], now, ARGV[1]) end
        for _, key in ipairs(KEYS) do redis.call('ZREMRANGEBYSCORE', key, '-inf', now - tonumber(ARGV[2])) end
        return { known, redis.call('ZCARD', KEYS[2]) }
        """;

    /// <summary>A script with the prefix of keys in it.</summary>
    public static string Of(string script) => $"local Prefix = '{Prefix}'\n{script}";
}
