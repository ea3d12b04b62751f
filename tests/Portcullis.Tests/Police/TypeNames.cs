using System;
using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace Portcullis.Tests.Police;

/// <summary>Writes types of a signature as text, and tells of every one that it meets.</summary>
internal sealed class TypeNames(AssemblyUses uses) : ISignatureTypeProvider<string, object?>
{
    /// <summary>What stands before the outermost type's name.</summary>
    internal static string NamespaceOf(string fullName)
    {
        int nested = fullName.IndexOf('+', StringComparison.Ordinal);
        string outermost = nested < 0 ? fullName : fullName[..nested];
        return outermost[..Math.Max(0, outermost.LastIndexOf('.'))];
    }

    /// <summary>The full name, without telling of it.</summary>
    internal static string NameOf(MetadataReader reader, TypeReferenceHandle handle)
    {
        TypeReference type = reader.GetTypeReference(handle);
        string name = reader.GetString(type.Name);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? $"{NameOf(reader, (TypeReferenceHandle)type.ResolutionScope)}+{name}"
            : Join(reader.GetString(type.Namespace), name);
    }

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => Told(NameOf(reader, handle));

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => Told(NameOf(reader, handle));

    public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    // The names of the short forms are those of the types themselves: String is System.String.
    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => "System." + typeCode;

    public string GetArrayType(string elementType, ArrayShape shape) => elementType + "[,]";

    public string GetSZArrayType(string elementType) => elementType + "[]";

    public string GetByReferenceType(string elementType) => elementType + "&";

    public string GetPointerType(string elementType) => elementType + "*";

    public string GetPinnedType(string elementType) => elementType;

    public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

    public string GetFunctionPointerType(MethodSignature<string> signature) => "function pointer";

    public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => $"{genericType}<{string.Join(',', typeArguments)}>";

    public string GetGenericMethodParameter(object? genericContext, int index) => "!!" + index;

    public string GetGenericTypeParameter(object? genericContext, int index) => "!" + index;

    private static string Join(string nameSpace, string name) => nameSpace.Length == 0 ? name : $"{nameSpace}.{name}";

    private static string NameOf(MetadataReader reader, TypeDefinitionHandle handle)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        string name = reader.GetString(type.Name);
        return type.GetDeclaringType().IsNil ? Join(reader.GetString(type.Namespace), name) : $"{NameOf(reader, type.GetDeclaringType())}+{name}";
    }

    private string Told(string fullName)
    {
        uses.Mention(fullName, NamespaceOf(fullName));
        return fullName;
    }
}
