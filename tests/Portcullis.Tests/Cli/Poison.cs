using System;
using System.Collections;
using System.Collections.Immutable;
using System.Linq;
using System.Reflection;
using Portcullis.Core.Model;

namespace Portcullis.Tests.Cli;

/// <summary>
/// Puts a hostile word before every text of a value, however deep: also before those that somebody adds to the model one day. What was
/// equal stays equal, so that a finding stays about its listener.
/// </summary>
internal static class Poison
{
    /// <summary>The same value with other texts.</summary>
    internal static T Into<T>(T value, string word)
        where T : class => (T)Changed(value, word)!;

    private static object? Changed(object? value, string word)
    {
        if (value is null || value.GetType() is { IsPrimitive: true } or { IsEnum: true } || value is DateTimeOffset or DateOnly)
        {
            return value;
        }

        return value switch
        {
            string text => word + text,
            IEnumerable items => Array(items, value.GetType(), word),
            _ => Record(value, word),
        };
    }

    private static object Array(IEnumerable items, Type type, string word)
    {
        if (type.GetGenericTypeDefinition() != typeof(ImmutableArray<>))
        {
            throw new NotSupportedException(type.FullName);
        }

        Type item = type.GetGenericArguments()[0];
        object?[] changed = [.. items.Cast<object?>().Select(one => Changed(one, word))];
        System.Array typed = System.Array.CreateInstance(item, changed.Length);
        System.Array.Copy(changed, typed, changed.Length);
        return typeof(ImmutableArray).GetMethods().Single(method => method.Name == nameof(ImmutableArray.Create) && method.GetParameters() is [{ ParameterType.IsArray: true }])
            .MakeGenericMethod(item).Invoke(null, [typed])!;
    }

    private static object Record(object value, string word)
    {
        Type type = value.GetType();
        object copy = type.GetMethod("<Clone>$")?.Invoke(value, null) ?? value;
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(one => one.CanWrite && !IsOurs(one)))
        {
            property.SetValue(copy, Changed(property.GetValue(value), word));
        }

        return copy;
    }

    /// <summary>A kind of finding is named by the program alone, and what is said next depends on it.</summary>
    private static bool IsOurs(PropertyInfo property) => property.DeclaringType == typeof(Finding) && property.Name == nameof(Finding.Id);
}
